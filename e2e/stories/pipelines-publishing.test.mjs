import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { actOnStage, closeDrawer, draftSaved, openStage, stageRow } from "../harness/pipelines.mjs";
import { story } from "../harness/story.mjs";

story("Publishing tells what becomes of running deals before it happens, and the way back is open", async (scene) => {
  const api = await scene.api(people.ada);
  const kim = await scene.api(people.kim);
  const stage = (/** @type {string} */ key) => ({ stage: key, allow_skip: true });
  const { process } = await api.create("/processes", {
    name: "Tenders",
    precedence: 90,
    stages: [stage("prospecting"), stage("qualification"), stage("proposal"), { stage: "won" }, { stage: "lost" }],
  });
  const at = `/processes/${process.id}`;
  /** @type {string[]} */
  const deals = [];
  for (const name of ["Bridge", "Tunnel", "Harbour"]) {
    const { record } = await kim.create("/records/opportunity", { fields: { name, sales_process: process.id } });
    deals.push(record.id);
  }
  const staged = async () => Promise.all(deals.map(async (id) => (await api.read(`/records/opportunity/${id}`)).fields.stage));
  for (const id of deals.slice(0, 2)) await kim.create(`/records/opportunity/${id}/move`, { stage: "qualification", fields: {} });
  assert.deepEqual(await staged(), ["qualification", "qualification", "prospecting"]);

  const ada = await scene.windowOf(people.ada);
  ada.expectRefusal(422, /\/publish$/);
  const { page } = ada;
  const dialog = page.getByRole("dialog");
  const publish = async () => {
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await dialog.getByRole("heading", { name: /^Publish version/ }).waitFor();
  };
  await ada.go(`/admin/pipelines/${process.id}`);
  await actOnStage(page, "Qualification", "Take out");
  await stageRow(page, "Qualification").waitFor({ state: "hidden" });
  await draftSaved(page);

  // Two deals stand in it: where they go is asked, and only then it can be published.
  await publish();
  await dialog.getByRole("row", { name: /^Qualification 2/ }).waitFor();
  assert.ok(await dialog.getByRole("button", { name: "Publish", exact: true }).isDisabled());
  await dialog.getByRole("combobox", { name: "Where opportunities in Qualification go" }).click();
  await page.getByRole("option", { name: "Proposal" }).click();
  await dialog.getByText("3 opportunities will follow the new version. 2 of them move to another stage.").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "publishing"), []);
  assert.deepEqual(await staged(), ["qualification", "qualification", "prospecting"], "it was only a preview");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByText("Tenders: version 2 is in force.").waitFor();
  assert.deepEqual(await staged(), ["proposal", "proposal", "prospecting"]);

  // Those that are under way may stay with their version.
  const drawer = await openStage(page, "Prospecting");
  await drawer.getByLabel("Win rate").fill("15");
  await closeDrawer(page);
  await draftSaved(page);
  await publish();
  await dialog.getByRole("radio", { name: "Stay with their version until they are moved" }).check();
  await dialog.getByText("3 opportunities will stay with their version.").waitFor();
  await dialog.getByLabel("Note").fill("Odds of last year");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByText("Tenders: version 3 is in force.").waitFor();

  // The versions, what each changed, and back to the first.
  await page.getByRole("tab", { name: "Versions" }).click();
  const versions = page.getByRole("list", { name: "Versions" }).getByRole("listitem").filter({ has: page.getByRole("button", { name: /^Version / }) });
  await versions.filter({ hasText: "Odds of last year" }).waitFor();
  await versions.filter({ hasText: "Version 2" }).getByText("3 open opportunities").waitFor();
  await page.getByRole("button", { name: "Version 3", exact: true }).click();
  await page.getByRole("region", { name: "Prospecting" }).getByText("15%").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "the versions"), []);
  await page.getByRole("button", { name: "Revert to version 1", exact: true }).click();
  await dialog.getByRole("button", { name: "Revert to it" }).click();
  await stageRow(page, "Qualification").waitFor();
  await page.getByRole("tab", { name: /^Changes/ }).click();
  await page.getByRole("region", { name: "Qualification" }).getByText("The stage is new.").waitFor();
  const { items } = await api.read(`${at}/versions`);
  assert.deepEqual(items.map((/** @type {any} */ one) => one.version), [3, 2, 1]);
  assert.equal((await api.read(`${at}/draft`)).process.stages.length, 5);
});
