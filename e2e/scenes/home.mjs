// The Home with which a salesperson begins the day.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window, page }) {
    await window.go("/");
    await page.getByText("Waiting for you").waitFor();
  },
};
