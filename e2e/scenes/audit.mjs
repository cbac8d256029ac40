// What was changed, done and refused.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window }) {
    await window.go("/admin/audit");
  },
};
