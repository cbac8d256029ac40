// What a manager is asked to approve.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window, page }) {
    await window.go("/approvals");
    await page.locator("main a[href^='/approvals/']").first().click();
    await page.getByRole("button", { name: "Agree", exact: true }).waitFor();
  },
};
