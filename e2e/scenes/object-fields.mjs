// The fields of an object.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window }) {
    await window.go("/admin/objects/opportunity");
  },
};
