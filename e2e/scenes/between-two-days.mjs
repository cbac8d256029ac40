// What happened to the pipeline between two days.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window, page }) {
    await window.go("/analysis/past?tab=waterfall");
    await page.getByRole("table", { name: /^Open deals from/ }).waitFor();
  },
};
