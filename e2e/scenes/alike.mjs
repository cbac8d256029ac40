// A new account that is there already, told while its name is typed.
import { onTop } from "../harness/objects.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window, page }) {
    await window.go("/o/account?create=true");
    await onTop(page).getByRole("textbox", { name: /^Account name/ }).fill("Westervelt Dairy B.V.");
    await onTop(page).getByRole("region", { name: "Alike records" }).waitFor();
  },
};
