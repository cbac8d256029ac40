import assert from "node:assert/strict";
import { card, column, dragCard, stagesOf, widen } from "../harness/board.mjs";
import { answerMoveDialog, createOpportunity } from "../harness/records.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim leads a deal from its creation to Won on the board, her manager watches, another team knows nothing", async (scene) => {
  const lee = await scene.api(people.lee);
  const before = await countAll(lee);

  const kim = await scene.windowOf(people.kim);
  // The dialog asks the server what is still missing.
  kim.expectRefusal(422, /\/move$/);
  const mona = await scene.windowOf(people.mona);
  const kimApi = await scene.api(people.kim);
  const { running, won } = await stagesOf(kimApi);
  const first = running[0];
  assert.ok(first);

  await mona.go("/o/opportunity/board");
  await column(mona.page, first.label).waitFor();
  await widen(mona.page, won.label);

  await kim.go("/o/opportunity");
  const name = "Tidal turbines for Orkney";
  const id = await createOpportunity(kim.page, name);
  // What is new appears before the manager's eyes, who has touched nothing.
  await card(mona.page, first.label, name).waitFor();

  await kim.go("/o/opportunity/board");
  await widen(kim.page, won.label);
  let from = first;
  for (const to of [...running.slice(1), won]) {
    await dragCard(kim.page, name, from.label, to.label);
    await answerMoveDialog(kim.page, card(kim.page, to.label, name));
    await card(kim.page, to.label, name).waitFor();
    await card(mona.page, to.label, name).waitFor();
    assert.equal(await card(mona.page, from.label, name).count(), 0);
    from = to;
  }

  const deal = await kimApi.read(`/records/opportunity/${id}`);
  assert.equal(deal.fields.stage, won.key);
  const { items: stays } = await kimApi.read(`/records/opportunity/${id}/stays`);
  assert.equal(stays.length, running.length + 1, "one stay for each stage");

  // The other team: not by its address, not in a list, not in any count, not by searching.
  const stranger = await lee.call("GET", `/records/opportunity/${id}`);
  assert.equal(stranger.status, 404);
  assert.deepEqual(await countAll(lee), before);
  const found = await lee.read(`/search?q=${encodeURIComponent("Tidal turbines")}`);
  assert.deepEqual(found.items, []);

  const leeWindow = await scene.windowOf(people.lee);
  leeWindow.expectRefusal(404, /\/records\/opportunity\//);
  await leeWindow.go(`/o/opportunity/${id}`);
  await leeWindow.page.getByText(/not (there|found)/i).first().waitFor();
  assert.equal(await leeWindow.page.getByText(name).count(), 0);
});

/**
 * Everything that is counted for a person.
 * @param {import("../harness/api.mjs").Session} api
 */
async function countAll(api) {
  const list = await api.read("/records/opportunity?count=exact&limit=1");
  const board = await api.read("/records/opportunity/board?limit=1");
  return {
    list: list.count,
    columns: board.columns.map((/** @type {any} */ one) => ({ stage: one.stage, count: one.count, totals: one.totals, main: one.amount_main })),
  };
}
