// The dialog in which a lost deal says why.
import { showpiece } from "../harness/showpiece.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window, page, api }) {
    window.expectRefusal(422, /\/move$/);
    await window.go(`/o/opportunity/${await showpiece(api)}`);
    await page.getByRole("button", { name: "Deal lost" }).first().click();
    await page.getByRole("dialog").waitFor();
  },
};
