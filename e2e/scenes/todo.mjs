// Everything that waits for a salesperson.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window }) {
    await window.go("/todo");
  },
};
