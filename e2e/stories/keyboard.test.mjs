import assert from "node:assert/strict";
import { card, stagesOf, widen } from "../harness/board.mjs";
import { answerMoveDialog } from "../harness/records.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim leads a deal to Won with the keyboard alone", async (scene) => {
  const api = await scene.api(people.kim);
  const { running, won } = await stagesOf(api);
  const name = "Keyed in from end to end";
  const { record } = await api.create("/records/opportunity", {
    fields: { name, amount: { amount: "4200.00", currency: "USD" } },
  });

  const kim = await scene.windowOf(people.kim);
  // The dialog asks the server what is still missing.
  kim.expectRefusal(422, /\/move$/);
  await kim.go("/o/opportunity/board");
  await widen(kim.page, won.label);
  const { keyboard } = kim.page;
  const stages = [...running, won];
  for (const [index, from] of stages.slice(0, -1).entries()) {
    const to = stages[index + 1];
    assert.ok(to);
    await card(kim.page, from.label, name).focus();
    await keyboard.press("Space");
    await kim.page.getByText(`${name} picked up.`).waitFor({ state: "attached" });
    await keyboard.press("ArrowRight");
    await kim.page.getByText(`${name} over ${to.label}`).waitFor({ state: "attached" });
    await keyboard.press("Space");
    await answerMoveDialog(kim.page, card(kim.page, to.label, name));
    await card(kim.page, to.label, name).waitFor();
  }
  const deal = await api.read(`/records/opportunity/${record.id}`);
  assert.equal(deal.fields.stage, won.key);
});

story("A card that was picked up goes back with Escape", async (scene) => {
  const api = await scene.api(people.kim);
  const { running } = await stagesOf(api);
  const first = running[0];
  assert.ok(first);
  const name = "Picked up and put back";
  const { record } = await api.create("/records/opportunity", { fields: { name } });

  const kim = await scene.windowOf(people.kim);
  await kim.go("/o/opportunity/board");
  await card(kim.page, first.label, name).focus();
  await kim.page.keyboard.press("Space");
  await kim.page.keyboard.press("ArrowRight");
  await kim.page.keyboard.press("Escape");
  await kim.page.getByText(`${name} stays in ${first.label}.`).waitFor({ state: "attached" });
  const deal = await api.read(`/records/opportunity/${record.id}`);
  assert.equal(deal.version, record.version);
});
