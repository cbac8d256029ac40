// Who decides in a deal.
import { firstOf } from "../harness/showpiece.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window, page, api }) {
    const role = await firstOf(api, "contact_role", { field: "reports_to", op: "is_not_empty" });
    await window.go(`/o/opportunity/${role.fields.opportunity}`);
    await page.getByRole("tab", { name: "Decision map" }).click();
  },
};
