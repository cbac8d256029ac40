// A flow, drawn.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window, api }) {
    const { items } = await api.read("/approval-flows");
    await window.go(`/admin/approval-flows/${items[0].id}`);
  },
};
