// A limit, and what a change of it would do.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window, page }) {
    await window.go("/admin/holding");
    await page.getByRole("link", { name: "New rule" }).click();
    await page.getByRole("textbox", { name: /^Name/ }).fill("Deals at one time");
    await page.getByRole("complementary", { name: "What this change would do" }).waitFor();
  },
};
