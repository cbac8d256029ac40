// What is sold, as in a spreadsheet.
import { showpiece } from "../harness/showpiece.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window, page, api }) {
    await window.go(`/o/opportunity/${await showpiece(api)}#lines`);
    await page.getByRole("tab", { name: /^Lines/ }).click();
    await page.getByRole("combobox", { name: "Product, row 1" }).or(page.getByRole("columnheader", { name: "Product" })).first().waitFor();
    await page.getByRole("tab", { name: /^Lines/ }).evaluate((tab) => tab.scrollIntoView({ block: "start" }));
    await page.getByText(/^Total of lines/).first().waitFor();
  },
};
