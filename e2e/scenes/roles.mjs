// What a role may do with each kind of record.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window }) {
    await window.go("/admin/roles/salesperson");
  },
};
