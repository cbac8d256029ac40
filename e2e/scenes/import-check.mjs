// A file that has been checked and not yet brought in.
import { check, fileOf, send } from "../harness/imports.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "mona",
  async show({ window, page }) {
    await window.go("/imports");
    const rows = ["Name,Account,Amount,Close date", "Level measurement,Rheinpaper,18400,2027-03-31", "Gas analysis,Havel Energie,52000,2027-04-15", "Metering,Nobody's works,9000,2027-02-28"];
    await send(page, [fileOf("opportunities.csv", rows.join("\n"))]);
    await check(page);
  },
};
