// What the quarter is expected to bring, person by person.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window }) {
    await window.go("/analysis/forecast");
  },
};
