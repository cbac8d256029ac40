// What became of the deals that came to each stage.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window, page }) {
    await window.go("/analysis/stage-conversion");
    await page.getByRole("button", { name: /^Sales cycle: / }).waitFor();
  },
};
