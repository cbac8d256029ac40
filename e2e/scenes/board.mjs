// The board of a manager: the deals of the whole team by stage.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window }) {
    await window.go("/o/opportunity/board");
  },
};
