// The same board in the hand.
import { phone } from "../harness/browser.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  viewport: phone,
  async show({ window }) {
    await window.go("/o/opportunity/board");
  },
};
