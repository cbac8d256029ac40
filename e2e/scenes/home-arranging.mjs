// Home open for arranging, with the gallery beside it.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "tara",
  async show({ window, page }) {
    await window.go("/");
    await page.getByRole("button", { name: "Configure Home" }).click();
    await page.getByRole("heading", { name: "Choose a chart" }).waitFor();
    await page.locator("[data-card]").first().waitFor();
  },
};
