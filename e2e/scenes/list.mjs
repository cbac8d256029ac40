// The list of opportunities with groups and sums.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window }) {
    await window.go("/o/opportunity");
  },
};
