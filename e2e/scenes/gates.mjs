// What stands between a deal and a stage, with a button for each thing.
import { plantProjects } from "../harness/projects.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "kim",
  async show({ window, page, api, as }) {
    const process = await plantProjects(await as("ada"));
    const { record: account } = await api.create("/records/account", { fields: { name: "Elbe Terminal" } });
    const { record: deal } = await api.create("/records/opportunity", { fields: { name: "Elbe Terminal: flow metering for the new quay", account: account.id, sales_process: process } });
    await window.go(`/o/opportunity/${deal.id}`);
    await page.getByRole("button", { name: /^Qualification/ }).first().click();
  },
};
