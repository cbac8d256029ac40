// The editor of a sales process with the settings of a stage.
import { stageRow } from "../harness/pipelines.mjs";

/** @type {import("../harness/pictures.mjs").Scene} */
export default {
  who: "ada",
  async show({ window, page, api }) {
    const { items } = await api.read("/processes");
    await window.go(`/admin/pipelines/${items[0].id}`);
    await stageRow(page, "Proposal").getByRole("button", { name: "Proposal", exact: true }).click();
    await page.getByRole("dialog").waitFor();
  },
};
