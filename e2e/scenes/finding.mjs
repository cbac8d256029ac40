// One box for everything: records, screens, things to create.
import { onTop } from "../harness/objects.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window, page }) {
    await window.go("/o/opportunity");
    await page.getByRole("button", { name: /^Search or go/ }).click();
    await onTop(page).getByRole("combobox").fill("water");
    await onTop(page).getByRole("option").nth(2).waitFor();
  },
};
