// The tree of departments.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window }) {
    await window.go("/admin/people/departments");
  },
};
