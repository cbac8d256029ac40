import assert from "node:assert/strict";
import { card, column, stagesOf } from "../harness/board.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("Kim carries a card across the board with a finger, and a finger that only swipes carries nothing", async (scene) => {
  const api = await scene.api(people.kim);
  const { running } = await stagesOf(api);
  const [first, second] = running;
  assert.ok(first && second);
  const name = "Carried by a finger";
  const { record } = await api.create("/records/opportunity", { fields: { name } });
  const kim = await scene.windowOf(people.kim, { viewport: { width: 1024, height: 768 }, hasTouch: true });
  kim.expectRefusal(422, /\/move$/);
  const { page } = kim;
  await kim.go("/o/opportunity/board?q=Carried");
  await card(page, first.label, name).waitFor();
  const finger = await page.context().newCDPSession(page);
  const touch = (/** @type {"touchStart" | "touchMove" | "touchEnd"} */ type, /** @type {{x: number, y: number}[]} */ touchPoints) => finger.send("Input.dispatchTouchEvent", { type, touchPoints });
  const middle = async (/** @type {import("playwright-core").Locator} */ of) => {
    const box = await of.boundingBox();
    assert.ok(box);
    return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 80) };
  };
  const from = await middle(card(page, first.label, name));
  const to = await middle(column(page, second.label));

  // A swipe is for the board itself.
  await touch("touchStart", [from]);
  for (let step = 1; step <= 6; step += 1) await touch("touchMove", [{ x: from.x + step * 12, y: from.y }]);
  await touch("touchEnd", []);
  await page.waitForTimeout(400);
  assert.equal((await api.read(`/records/opportunity/${record.id}`)).version, record.version);

  // Held for a moment, the card comes along.
  const again = await middle(card(page, first.label, name));
  await touch("touchStart", [again]);
  await page.waitForTimeout(500);
  for (let step = 1; step <= 12; step += 1) {
    await touch("touchMove", [{ x: again.x + ((to.x - again.x) * step) / 12, y: again.y + 3 }]);
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(250);
  await touch("touchEnd", []);
  await card(page, second.label, name).waitFor();
  assert.equal((await api.read(`/records/opportunity/${record.id}`)).fields.stage, second.key);
});
