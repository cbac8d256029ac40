// When an account counts as one that there is.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window, api }) {
    const { items } = await api.read("/duplicate-rules");
    const rule = items.find((/** @type {any} */ one) => one.object === "account") ?? items[0];
    await window.go(`/admin/duplicate-rules/${rule.id}`);
  },
};
