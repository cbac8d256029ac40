// How much one has of how much one may.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window }) {
    await window.go("/holdings");
  },
};
