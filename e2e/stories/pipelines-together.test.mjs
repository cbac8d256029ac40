import assert from "node:assert/strict";
import { people } from "../harness/people.mjs";
import { closeDrawer, draftSaved, openStage } from "../harness/pipelines.mjs";
import { story } from "../harness/story.mjs";

story("Two administrators at one draft: the second is shown what the first did, and loses nothing", async (scene) => {
  const api = await scene.api(people.ada);
  const { items } = await api.read("/processes");
  const at = `/admin/pipelines/${items[0].id}`;
  const first = await scene.windowOf(people.ada);
  const second = await scene.windowOf(people.ada);
  second.expectRefusal(409, /\/draft$/);
  await first.go(at);
  await second.go(at);

  /** @param {import("playwright-core").Page} page @param {string} text */
  const guide = async (page, text) => {
    const drawer = await openStage(page, "Proposal");
    await drawer.getByLabel("Text", { exact: true }).fill(text);
    await closeDrawer(page);
  };
  await guide(first.page, "Send it within a week.");
  await draftSaved(first.page);
  await guide(second.page, "Walk them through it.");

  // Both are told side by side; what the second wrote is still there after a reload.
  const banner = second.page.getByRole("alert").filter({ hasText: "Somebody else changed this meanwhile" });
  await banner.getByRole("cell", { name: "Send it within a week." }).waitFor();
  await banner.getByRole("cell", { name: "Walk them through it." }).waitFor();
  await second.page.reload();
  await banner.getByRole("cell", { name: "Walk them through it." }).waitFor();
  await banner.getByRole("button", { name: "Keep mine" }).click();
  await draftSaved(second.page);
  const guidance = async () => (await api.read(`/processes/${items[0].id}/draft`)).process.stages.find((/** @type {any} */ one) => one.stage === "proposal").guidance;
  assert.equal(await guidance(), "Walk them through it.");

  // What differs is told in words, and the draft thrown away.
  await second.page.getByRole("tab", { name: /^Changes/ }).click();
  await second.page.getByRole("region", { name: "Proposal" }).getByText("Walk them through it.").waitFor();
  await second.page.getByRole("button", { name: "More", exact: true }).click();
  await second.page.getByRole("menuitem", { name: "Discard draft" }).click();
  await second.page.getByRole("dialog").getByRole("button", { name: "Discard draft" }).click();
  await second.page.getByText("Nothing differs from the published version.").waitFor();
  assert.equal((await api.call("GET", `/processes/${items[0].id}/draft`)).status, 404);
});
