import assert from "node:assert/strict";
import { cellOf } from "../harness/lists.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim changes a deal's next step in the table itself", async (scene) => {
  const api = await scene.api(people.kim);
  const name = "Edited where it stands";
  const { record } = await api.create("/records/opportunity", { fields: { name, next_step: "Call" } });
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/o/opportunity?q=${encodeURIComponent(name)}`);

  const nextStep = await cellOf(page, name, "Next step");
  await nextStep.dblclick();
  await nextStep.getByRole("textbox").fill("Send the offer");
  await page.keyboard.press("Enter");
  await nextStep.getByText("Send the offer").waitFor();

  // The name is a link, which F2 edits; emptied it is refused at the cell, and Escape gives it up.
  kim.expectRefusal(422, /\/records\/opportunity\//);
  await page.getByRole("link", { name, exact: true }).focus();
  await page.keyboard.press("F2");
  const cell = page.getByRole("row").nth(1).getByRole("gridcell").nth(1);
  await cell.getByRole("textbox").fill("");
  await page.keyboard.press("Enter");
  await cell.getByText(/name/i).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name, exact: true }).waitFor();

  // A stage is not typed: the cell says how it changes.
  await (await cellOf(page, name, "Opportunity stage")).click();
  await page.keyboard.press("Enter");
  await page.getByRole("tooltip", { name: /being moved/ }).waitFor();

  const saved = await api.read(`/records/opportunity/${record.id}`);
  assert.equal(saved.fields.next_step, "Send the offer");
  assert.equal(saved.fields.name, name);
});

story("Two edit the same cell, and the second decides", async (scene) => {
  const api = await scene.api(people.kim);
  const name = "Edited by two";
  const { record } = await api.create("/records/opportunity", { fields: { name, next_step: "Call" } });
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  kim.expectRefusal(409, /\/records\/opportunity\//);
  await kim.go(`/o/opportunity?q=${encodeURIComponent(name)}`);
  const nextStep = await cellOf(page, name, "Next step");
  await nextStep.dblclick();
  await nextStep.getByRole("textbox").fill("Visit");
  await api.call("PATCH", `/records/opportunity/${record.id}`, { fields: { next_step: "Write" } }, { "if-match": `"${record.version}"` });
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Someone else was faster" });
  await dialog.getByText("Write").waitFor();
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await api.read(`/records/opportunity/${record.id}`)).fields.next_step, "Visit");
});

story("Mona changes many deals at once, sees which one is refused, and takes it back", async (scene) => {
  const api = await scene.api(people.mona);
  const word = "Sevenfold";
  const names = ["one", "two", "three"].map((it) => `${word} ${it}`);
  const ids = [];
  for (const name of names) ids.push((await api.create("/records/opportunity", { fields: { name, next_step: "Call" } })).record.id);
  // One of them is somebody else's, whom she may not touch: it is read, not written.
  const ada = await scene.api(people.ada);
  const lee = await scene.api(people.lee);
  const { record: others } = await lee.create("/records/opportunity", { fields: { name: `${word} four`, next_step: "Call" } });
  const team = await lee.call("PUT", `/records/opportunity/${others.id}/team`, { members: [{ person: api.me.person.id, access: "read" }] }, { "if-match": `"${others.version}"` });
  assert.ok(team.status < 300, JSON.stringify(team.body));

  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go(`/o/opportunity?q=${word}`);
  await page.getByText("4 records").waitFor();
  await page.getByRole("checkbox", { name: "Select all rows loaded" }).check();
  await page.getByText("4 selected").waitFor();
  await page.getByRole("button", { name: "Edit a field" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit 4 records" });
  await dialog.getByRole("combobox", { name: "Field" }).fill("Next step");
  await page.getByRole("option", { name: "Next step", exact: true }).click();
  await dialog.getByRole("textbox", { name: "New value" }).fill("Close it");
  await dialog.getByRole("button", { name: "Check" }).click();
  await dialog.getByText("3 would change").waitFor();
  await dialog.getByText("1 would be refused").waitFor();
  assert.equal((await ada.read(`/records/opportunity/${ids[0]}`)).fields.next_step, "Call");

  await dialog.getByRole("button", { name: "Change 3 records" }).click();
  await dialog.getByText("3 changed").waitFor();
  const first = dialog.getByRole("listitem").first();
  await first.getByRole("link", { name: `${word} four` }).waitFor();
  await first.getByText("refused", { exact: true }).waitFor();
  for (const id of ids) assert.equal((await ada.read(`/records/opportunity/${id}`)).fields.next_step, "Close it");
  assert.equal((await ada.read(`/records/opportunity/${others.id}`)).fields.next_step, "Call");

  await dialog.getByRole("button", { name: "Undo" }).click();
  await page.getByText("Taken back for 3 records.").waitFor();
  for (const id of ids) assert.equal((await ada.read(`/records/opportunity/${id}`)).fields.next_step, "Call");
});
