// A flow, drawn.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window, page, api }) {
    const { items } = await api.read("/approval-flows");
    await window.go(`/admin/approval-flows/${items[0].id}`);
    await page.getByRole("heading", { name: "Who agrees" }).evaluate((head) => head.scrollIntoView());
  },
};
