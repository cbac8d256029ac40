import assert from "node:assert/strict";
import { card, column, dragCard, stagesOf } from "../harness/board.mjs";
import { accessibilityFindings } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/**
 * A flow in which these people are asked, one node after another.
 * @param {string} trigger
 * @param {string} name
 * @param {string[]} asked
 * @param {Record<string, unknown>} [more]
 */
function flowOf(trigger, name, asked, more = {}) {
  const nodes = asked.map((id, n) => ({
    key: `n${n}`,
    name: n === 0 ? "Manager" : "Head",
    does: { type: "approve", method: { type: "standard" }, who: [{ type: "person", id }], next: n + 1 < asked.length ? `n${n + 1}` : "approved" },
  }));
  return {
    api_name: `story_${trigger}`,
    name,
    object: "opportunity",
    trigger,
    active: true,
    nodes: [{ key: "start", does: { type: "start", next: "n0" } }, ...nodes, { key: "approved", does: { type: "approved" } }],
    ...more,
  };
}

/** What only these deals are, so that no other story meets the flow. */
const SUBJECT = { field: "name", op: "contains", value: "Glacier" };

/**
 * Takes a flow out of force again.
 * @param {import("../harness/api.mjs").Session} api
 * @param {any} flow
 */
async function retire(api, flow) {
  const present = await api.read(`/approval-flows/${flow.id}`);
  assert.equal((await api.call("PUT", `/approval-flows/${flow.id}`, { ...present, active: false }, { "if-match": `"${present.version}"` })).status, 200);
}

story("A new deal waits for two people: the first says why she agrees, the second agrees on a phone, and it counts by itself", async (scene) => {
  const api = await scene.api(people.ada);
  const [mona, karl] = [(await scene.api(people.mona)).me.person, api.me.person];
  const flow = await api.create("/approval-flows", flowOf("create", "Registration of glaciers", [mona.id, karl.id], { condition: SUBJECT }));

  const kim = await scene.windowOf(people.kim);
  await kim.go("/o/opportunity?create=true");
  const dialog = onTop(kim.page);
  await dialog.getByRole("textbox", { name: /^Opportunity name/ }).fill("Glacier drill");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await kim.page.getByText("Sent for approval").waitFor();
  await kim.page.getByRole("button", { name: "See approval" }).first().click();
  await kim.page.waitForURL("**/approvals/*");
  await kim.page.getByRole("heading", { name: "Glacier drill" }).waitFor();
  await kim.page.getByText("Running", { exact: true }).waitFor();
  assert.equal(await kim.page.getByRole("button", { name: "Agree", exact: true }).count(), 0, "she does not answer her own question");
  assert.deepEqual(await accessibilityFindings(kim.page, "an approval"), []);

  // Nothing is decided by going round it.
  const found = await (await scene.api(people.kim)).read("/approvals?which=mine&q=Glacier");
  const approval = found.items[0];
  const session = await scene.api(people.kim);
  const record = await session.read(`/records/opportunity/${approval.record}`);
  const edited = await session.call("PATCH", `/records/opportunity/${record.id}`, { fields: { name: "Pebble drill" } }, { "if-match": `"${record.version}"` });
  assert.equal(edited.status, 422);
  assert.equal(edited.body.violations[0].code, "record.in_approval");

  const manager = await scene.windowOf(people.mona);
  await manager.go("/todo");
  await manager.page.getByRole("link", { name: /Glacier drill/ }).first().click();
  await manager.page.waitForURL("**/approvals/*");
  await manager.page.getByRole("textbox", { name: "Comment" }).fill("We have known them for years");
  await manager.page.getByRole("button", { name: "Agree", exact: true }).click();
  await manager.page.getByText("You have agreed").waitFor();
  await manager.page.getByText("We have known them for years").waitFor();

  const phone = await scene.windowOf(people.ada, { viewport: { width: 390, height: 844 } });
  await phone.go("/approvals");
  await phone.page.getByRole("link", { name: /Glacier drill/ }).click();
  await phone.page.getByRole("button", { name: "Agree", exact: true }).waitFor();
  assert.deepEqual(await accessibilityFindings(phone.page, "an approval on a phone"), []);
  assert.ok((await phone.page.evaluate(() => document.documentElement.scrollWidth)) <= 390, "nothing runs out of the screen");
  await phone.page.getByRole("button", { name: "Agree", exact: true }).click();
  await phone.page.getByText("Approved", { exact: true }).waitFor();

  // Hers shows it without being read again.
  await kim.page.getByText("Approved", { exact: true }).waitFor();
  await kim.go(`/o/opportunity/${approval.record}`);
  await kim.page.getByRole("heading", { name: "Glacier drill" }).waitFor();
  const done = await session.read(`/records/opportunity/${approval.record}`);
  assert.equal(done.fields.lifecycle_status, "normal");
  assert.ok(done.fields.stage_entered_at, "its process has begun");
  await retire(api, flow);
});

story("What is not approved is set aside with the reason, and submitted again", async (scene) => {
  const api = await scene.api(people.ada);
  const mona = (await scene.api(people.mona)).me.person;
  const flow = await api.create("/approval-flows", flowOf("create", "Registration of glaciers again", [mona.id], { api_name: "story_again", condition: SUBJECT }));
  const kim = await scene.api(people.kim);
  const { record } = await kim.create("/records/opportunity", { fields: { name: "Glacier rope" } });

  const manager = await scene.windowOf(people.mona);
  manager.expectRefusal(422, /\/act$/);
  await manager.go(`/o/opportunity/${record.id}`);
  await manager.page.getByText(/Waits for approval of its creation/).waitFor();
  await manager.page.getByRole("link", { name: "Decide" }).click();
  await manager.page.getByRole("button", { name: "Reject", exact: true }).click();
  await manager.page.getByText(/comment/i).first().waitFor();
  await manager.page.getByRole("textbox", { name: "Comment" }).fill("Ropes are sold by the other house");
  await manager.page.getByRole("button", { name: "Reject", exact: true }).click();
  await manager.page.getByText("Rejected", { exact: true }).waitFor();

  const window = await scene.windowOf(people.kim);
  await window.go(`/o/opportunity/${record.id}`);
  await window.page.getByText("It was not approved and does not count.").waitFor();
  await window.page.getByRole("link", { name: "See approval" }).click();
  await window.page.getByText("Ropes are sold by the other house").waitFor();
  await window.go(`/o/opportunity/${record.id}`);
  await window.page.getByRole("button", { name: "Submit again" }).click();
  await window.page.getByText(/Waits for approval of its creation/).waitFor();
  await window.page.getByRole("tab", { name: "Approvals" }).click();
  await window.page.getByRole("link", { name: /Glacier rope/ }).nth(1).waitFor();
  assert.deepEqual(await accessibilityFindings(window.page, "a record in approval"), []);
  await retire(api, flow);
});

story("Several are agreed to at once, and each that could not be is told of", async (scene) => {
  const api = await scene.api(people.ada);
  const mona = await scene.api(people.mona);
  const kim = await scene.api(people.kim);
  const flow = await api.create("/approval-flows", flowOf("create", "Registration of many glaciers", [mona.me.person.id], { api_name: "story_many", condition: SUBJECT }));
  const made = [];
  for (const name of ["Glacier one", "Glacier two", "Glacier three"]) made.push((await kim.create("/records/opportunity", { fields: { name } })).record);

  const window = await scene.windowOf(people.mona);
  const { page } = window;
  await window.go("/approvals");
  for (const name of ["Glacier one", "Glacier two", "Glacier three"]) await page.getByRole("checkbox", { name: `Select “${name}”` }).check();
  // Meanwhile one of them is taken back by whoever asked.
  const first = (await kim.read("/approvals?which=mine&q=Glacier one")).items[0];
  await page.getByRole("button", { name: "Agree", exact: true }).click();
  const dialog = onTop(page);
  await dialog.getByText("Agree to 3 approvals?").waitFor();
  await kim.create(`/approvals/${first.id}/act`, { act: "withdraw" }).catch(() => {});
  await dialog.getByRole("button", { name: "Agree", exact: true }).click();
  await page.getByText("1 could not be decided:").waitFor();
  for (const record of made.slice(1)) assert.equal((await kim.read(`/records/opportunity/${record.id}`)).fields.lifecycle_status, "normal");
  assert.equal((await kim.read(`/records/opportunity/${made[0].id}`)).fields.lifecycle_status, "ineffective");
  assert.deepEqual(await accessibilityFindings(page, "approvals"), []);
  await retire(api, flow);
});

story("A deal waits in its stage until its move is approved, and then goes on by itself", async (scene) => {
  const api = await scene.api(people.ada);
  const kim = await scene.api(people.kim);
  const mona = (await scene.api(people.mona)).me.person;
  const processes = (await api.read("/processes")).items;
  const { record } = await kim.create("/records/opportunity", { fields: { name: "Glacier lamp" } });
  const process = processes.find((/** @type {any} */ one) => one.id === record.fields.sales_process);
  const document = await api.read(`/processes/${process.id}`);
  const draft = { ...document, stages: document.stages.map((/** @type {any} */ stage) => (stage.stage === record.fields.stage ? { ...stage, approval: true } : stage)) };
  assert.equal((await api.call("PUT", `/processes/${process.id}`, draft, { "if-match": `"${document.version}"` })).status, 200, "the process asks for an approval");
  const flow = await api.create("/approval-flows", flowOf("stage", "Stages of glaciers", [mona.id], { condition: SUBJECT }));
  const stages = await stagesOf(kim);
  const next = stages.running[1];
  assert.ok(next);

  const window = await scene.windowOf(people.kim);
  await window.go(`/o/opportunity/${record.id}`);
  await window.page.getByRole("heading", { name: "Glacier lamp" }).waitFor();
  const moved = await kim.call("POST", `/records/opportunity/${record.id}/move`, { stage: next.key }, { "if-match": `"${record.version}"` });
  assert.equal(moved.body.result, "pending_approval", JSON.stringify(moved.body));
  await window.page.getByText(/Waits for approval of its move to/).waitFor();
  const again = await kim.call("POST", `/records/opportunity/${record.id}/move`, { stage: next.key });
  assert.equal(again.status, 422);
  assert.equal(again.body.violations[0].code, "stage.approval_pending");

  // Its card says so, and is not moved; so does its row.
  const first = stages.running[0]?.label ?? "";
  const board = await scene.windowOf(people.kim);
  await board.go("/o/opportunity/board?q=Glacier%20lamp");
  const waits = `Waits for approval of its move to “${next.label}” by Mona Keller`;
  await column(board.page, first).getByRole("img", { name: waits }).waitFor();
  await dragCard(board.page, "Glacier lamp", first, next.label);
  await board.page.getByText(`The deal waits for the approval of its move to “${next.label}”.`).waitFor();
  await card(board.page, first, "Glacier lamp").waitFor();
  assert.deepEqual(await accessibilityFindings(board.page, "a board with a card that waits"), []);
  await board.go("/o/opportunity?q=Glacier%20lamp");
  await board.page.getByRole("row", { name: /Glacier lamp/ }).getByRole("img", { name: waits }).waitFor();

  const manager = await scene.windowOf(people.mona);
  await manager.go("/approvals");
  await manager.page.getByRole("link", { name: /Glacier lamp/ }).click();
  await manager.page.getByRole("button", { name: "Agree", exact: true }).click();
  await manager.page.getByText("Approved", { exact: true }).waitFor();
  await window.page.getByText(/Waits for approval of its move to/).waitFor({ state: "detached" });
  await board.page.getByRole("img", { name: waits }).waitFor({ state: "detached" });
  assert.equal((await kim.read(`/records/opportunity/${record.id}`)).fields.stage, next.key);
  await retire(api, flow);
});
