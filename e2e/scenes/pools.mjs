// Leads that nobody has, to be claimed.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window, page }) {
    await window.go("/pools");
    await page.getByRole("link", { name: "Advertising", exact: true }).click();
    await page.waitForURL(/\/o\//);
  },
};
