import assert from "node:assert/strict";
import { card, dragCard, stagesOf, widen } from "../harness/board.mjs";
import { answerMoveDialog } from "../harness/records.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Losing a deal asks for the reason in place, and a lost deal can be opened again", async (scene) => {
  const api = await scene.api(people.kim);
  const { running, lost } = await stagesOf(api);
  const first = running[0];
  assert.ok(first);
  const name = "Lost and found again";
  const { record } = await api.create("/records/opportunity", { fields: { name } });
  const at = `/records/opportunity/${record.id}`;

  const kim = await scene.windowOf(people.kim);
  // The dialog asks the server what is still missing.
  kim.expectRefusal(422, /\/move$/);
  await kim.go("/o/opportunity/board");
  await widen(kim.page, lost.label);

  // Thought better of it: the card goes back.
  await dragCard(kim.page, name, first.label, lost.label);
  const dialog = kim.page.getByRole("dialog");
  await dialog.waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await card(kim.page, first.label, name).waitFor();
  assert.equal((await api.read(at)).version, record.version);

  await dragCard(kim.page, name, first.label, lost.label);
  await dialog.waitFor();
  await answerMoveDialog(kim.page, card(kim.page, lost.label, name), "They chose a cheaper one");
  await card(kim.page, lost.label, name).waitFor();
  const deal = await api.read(at);
  assert.equal(deal.fields.stage, lost.key);
  assert.ok(deal.fields.lost_reason, "the reason is saved with the move");

  // Opening it again is for her manager to decide.
  const mona = await scene.windowOf(people.mona);
  mona.expectRefusal(422, /\/(move|reopen)$/);
  await mona.go(`/o/opportunity/${record.id}`);
  await mona.page.getByRole("button", { name: "Reopen" }).click();
  await answerMoveDialog(mona.page, undefined, "They came back to us");
  const reopened = await api.read(at);
  assert.ok(running.some(({ key }) => key === reopened.fields.stage), `reopened in ${reopened.fields.stage}`);
  const { items: stays } = await api.read(`${at}/stays`);
  assert.equal(stays.length, 3);
});
