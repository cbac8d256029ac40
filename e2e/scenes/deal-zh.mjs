// A deal in Chinese.
import { showpiece } from "../harness/showpiece.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  language: "zh-CN",
  async show({ window, api }) {
    await window.go(`/o/opportunity/${await showpiece(api)}`);
  },
};
