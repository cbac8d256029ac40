// The same deal in the hand, in dark colours.
import { phone } from "../harness/browser.mjs";
import { showpiece } from "../harness/showpiece.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  viewport: phone,
  colours: "dark",
  async show({ window, api }) {
    await window.go(`/o/opportunity/${await showpiece(api)}`);
  },
};
