// A deal well on its way: its path, its facts, and what happens on it.
import { showpiece } from "../harness/showpiece.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window, api }) {
    await window.go(`/o/opportunity/${await showpiece(api)}`);
  },
};
