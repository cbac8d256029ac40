// The sign-in page of the demo company.
import { phone } from "../harness/browser.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  viewport: phone,
  async show({ window, page }) {
    await window.go("/sign-in");
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  },
};
