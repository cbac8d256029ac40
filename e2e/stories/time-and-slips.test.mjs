import assert from "node:assert/strict";
import { timeline } from "../harness/activity.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/**
 * Waits until something is so, asking again and again.
 * @param {() => Promise<boolean>} isSo
 * @param {string} what
 */
async function until(isSo, what) {
  for (let tries = 0; tries < 60; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.fail(`${what} did not come about`);
}

story("What slips in a deal is on it, with its reason and on its timeline", async (scene) => {
  const api = await scene.api(people.kim);
  const { record } = await api.create("/records/opportunity", { fields: { name: "Slipping away", amount: "1000", expected_close_date: "2026-12-01" } });
  const at = `/records/opportunity/${record.id}`;
  const edits = async (/** @type {object} */ body) => assert.equal((await api.call("PATCH", at, body)).status, 200);
  await edits({ fields: { expected_close_date: "2026-12-31" }, reason: "Their budget is decided in January" });
  await edits({ fields: { expected_close_date: "2027-01-15", amount: "800" } });
  await api.create(`${at}/move`, { stage: "qualification" });
  await api.create(`${at}/move`, { stage: "prospecting", reason: "They have a new buyer" });

  const { page, go } = await scene.windowOf(people.kim);
  await go(`/o/opportunity/${record.id}`);
  const slips = page.getByRole("region", { name: "Slips" });
  await slips.getByText("Close date pushed 2 times, 45 days in all · amount cut once · one step back").waitFor();
  await slips.getByRole("button", { name: /Slips/ }).click();
  await slips.getByText("They have a new buyer").waitFor();
  await slips.getByRole("button", { name: "Show all" }).click();
  await slips.getByText("Their budget is decided in January").waitFor();

  // The one without a reason is given one, once.
  await slips.getByRole("button", { name: "Say why: Amount cut" }).click();
  await slips.getByRole("textbox", { name: "Why did it slip?" }).fill("They want fewer pumps");
  await slips.getByRole("button", { name: "Save" }).click();
  await slips.getByRole("textbox").waitFor({ state: "detached" });
  await slips.getByText("They want fewer pumps").waitFor();
  assert.equal(await slips.getByRole("button", { name: "Say why: Amount cut" }).count(), 0);

  const told = timeline(page);
  await told.getByText("moved it back").waitFor();
  await told.getByText("Amount cut · Close date pushed by 15 days").or(told.getByText("Close date pushed by 15 days · Amount cut")).waitFor();
  await told.getByText("Slips", { exact: true }).click();
  await told.getByText("Stepped back").waitFor();
  await until(async () => (await told.getByRole("listitem").count()) === 4, "four slips alone");

  await page.getByRole("tab", { name: "Stage history" }).click();
  const history = page.getByRole("list", { name: "Stage history" });
  await history.getByText("They have a new buyer").waitFor();
  assert.equal(await history.getByText("Moved back", { exact: false }).count(), 1);
});

story("A deal that stands too long is overdue everywhere, and those concerned are told once", async (scene) => {
  const ada = await scene.api(people.ada);
  const kim = await scene.api(people.kim);
  const { items } = await ada.read("/processes");
  const [process] = items;
  process.stages[0].duration_seconds = 1;
  process.stages[0].reminders = [{ when: "after", seconds: 0, to: [{ kind: "owner" }, { kind: "owner_manager" }], text: "Call them today" }];
  assert.equal((await ada.call("PUT", `/processes/${process.id}`, process)).status, 200);
  const { record } = await kim.create("/records/opportunity", { fields: { name: "Standing still" } });

  const mona = await scene.api(people.mona);
  const notices = async (/** @type {import("../harness/api.mjs").Session} */ who) =>
    (await who.read("/notifications")).items.filter((/** @type {any} */ notice) => notice.record === record.id && notice.kind === "stage_overdue");
  await until(async () => (await notices(mona)).length > 0, "Mona's reminder");
  assert.deepEqual([(await notices(mona)).length, (await notices(kim)).length], [1, 1]);
  assert.equal((await notices(mona))[0].text, "Call them today");

  const { page, go } = await scene.windowOf(people.kim);
  const { items: views } = await kim.read("/views?object=opportunity");
  const view = views.find((/** @type {any} */ one) => one.name === "Overdue in their stage");
  await go(`/o/opportunity?view=${view.id}&q=Standing`);
  const row = page.getByRole("row").filter({ hasText: "Standing still" });
  await row.getByRole("img", { name: "Overdue in its stage" }).waitFor();
  await go(`/o/opportunity/${record.id}`);
  await page.getByText(/Overdue by/).first().waitFor();

  // Moved on, it is no longer.
  await kim.create(`/records/opportunity/${record.id}/move`, { stage: "qualification" });
  await go(`/o/opportunity?view=${view.id}&q=Standing`);
  await page.getByRole("grid").or(page.getByText(/Nothing|No /).first()).first().waitFor();
  await until(async () => (await page.getByRole("row").filter({ hasText: "Standing still" }).count()) === 0, "a list without it");
});
