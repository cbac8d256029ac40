import assert from "node:assert/strict";
import { people } from "../harness/people.mjs";
import { dealIn, plantProjects } from "../harness/projects.mjs";
import { listNamed } from "../harness/records.mjs";
import { story } from "../harness/story.mjs";

story("Kim looks first who of many can be moved, fills in once what is missing alike, and moves those that can", async (scene) => {
  const process = await plantProjects(await scene.api(people.ada));
  const api = await scene.api(people.kim);
  const word = "Bulkmoved";
  const stuck = await dealIn(api, process, `${word} stuck in its process`);
  const standard = [];
  for (const name of ["one", "two"]) standard.push((await api.create("/records/opportunity", { fields: { name: `${word} ${name}` } })).record);

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/o/opportunity?q=${word}`);
  await page.getByRole("link", { name: `${word} two`, exact: true }).waitFor();
  await page.getByRole("checkbox", { name: "Select all rows loaded" }).check();
  await page.getByRole("button", { name: "Move to a stage" }).click();
  const dialog = page.getByRole("dialog");

  // To the next stage: two can, one is stopped by its tasks and gates; nothing has been moved by looking.
  await listNamed(dialog, "To which stage").click();
  await page.getByRole("option", { name: "Qualification" }).click();
  await dialog.getByRole("button", { name: "Check" }).click();
  await dialog.getByText("2 can move to Qualification").waitFor();
  await dialog.getByText("1 cannot").waitFor();
  const why = dialog.getByRole("region", { name: "What stands in the way" });
  await why.getByRole("listitem").filter({ hasText: "Agree on the frame" }).getByRole("link", { name: `${word} stuck in its process` }).waitFor();
  for (const { id } of standard) assert.equal((await api.read(`/records/opportunity/${id}`)).fields.stage, "prospecting");

  // Lost: what is missing alike is filled in once for all.
  await listNamed(dialog, "To which stage").click();
  await page.getByRole("option", { name: "Deal lost" }).click();
  await dialog.getByRole("button", { name: "Check" }).click();
  await dialog.getByText("None of them can move to Deal lost as they are.").waitFor();
  const forAll = dialog.getByRole("region", { name: "The same for all" });
  await listNamed(forAll, /^Lost reason/).click();
  await page.getByRole("option").first().click();
  await dialog.getByRole("button", { name: "Check again" }).click();
  await dialog.getByText("2 can move to Deal lost").waitFor();
  await dialog.getByRole("button", { name: "Move 2 opportunities" }).click();
  await dialog.getByText("2 changed").waitFor();
  await dialog.getByRole("link", { name: `${word} stuck in its process` }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();

  for (const { id } of standard) {
    const deal = await api.read(`/records/opportunity/${id}`);
    assert.equal(deal.fields.stage, "lost");
    assert.ok(deal.fields.lost_reason);
  }
  assert.equal((await api.read(`/records/opportunity/${stuck.id}`)).fields.stage, "prospecting", "a record must be made with its move");
});
