// The board in Chinese.
/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  language: "zh-CN",
  async show({ window }) {
    await window.go("/o/opportunity/board");
  },
};
