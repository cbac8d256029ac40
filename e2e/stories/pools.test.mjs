import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { choose, onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/**
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} name
 */
async function departmentOf(api, name) {
  const { items } = await api.read("/records/department?limit=50");
  return items.find((/** @type {any} */ one) => one.fields.name === name).id;
}

/**
 * Puts a new account into a pool.
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} pool
 * @param {Record<string, unknown>} fields
 */
async function lieIn(api, pool, fields) {
  const { record } = await api.create("/records/account", { fields });
  const answer = await api.call("POST", `/records/account/${record.id}/return`, { pool, reason: "Nobody works on it" }, { "if-match": `"${record.version}"` });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return record.id;
}

story("A pool: an administrator makes it, a member claims, the hidden field appears, and she returns it with a reason", async (scene) => {
  const api = await scene.api(people.ada);
  const ada = await scene.windowOf(people.ada);
  await ada.go("/admin/pools");
  await ada.page.getByRole("link", { name: "Advertising", exact: true }).waitFor();
  await ada.page.getByRole("link", { name: "New pool" }).click();
  await ada.page.getByRole("textbox", { name: /^Name/ }).fill("To win back");
  await ada.page.getByRole("combobox", { name: "Records" }).click();
  await ada.page.getByRole("option", { name: "Accounts" }).click();
  const members = ada.page.getByRole("group", { name: "Members" });
  await members.getByRole("combobox", { name: /^Departments/ }).fill("north");
  await ada.page.getByRole("option", { name: "Sales North" }).click();
  await ada.page.getByRole("combobox", { name: "Hidden until claimed" }).fill("pho");
  await ada.page.getByRole("option", { name: "Phone" }).click();
  await ada.page.getByRole("textbox", { name: "Claims of a member per day" }).fill("2");
  await ada.page.getByRole("button", { name: "Add a rule" }).click();
  assert.deepEqual(await accessibilityFindings(ada.page, "a pool"), []);
  await ada.page.getByRole("button", { name: "Create", exact: true }).click();
  await ada.page.getByRole("link", { name: "To win back", exact: true }).waitFor();
  assert.deepEqual(await accessibilityFindings(ada.page, "pools to set up"), []);

  const { items } = await api.read("/pools");
  const pool = items.find((/** @type {any} */ one) => one.name === "To win back");
  assert.deepEqual([pool.hidden, pool.claims_per_day, pool.reclaim.length], [["phone"], 2, 1]);
  const id = await lieIn(api, pool.id, { name: "Harbour Ferries", phone: "+49 30 901820" });
  await lieIn(api, pool.id, { name: "Island Lines", phone: "+49 30 901821" });

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await page.getByRole("link", { name: "Pools" }).click();
  const card = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "To win back", exact: true }) });
  await card.getByText("2 in it").waitFor();
  await card.getByText("2 claims left today").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "my pools"), []);
  await page.getByRole("link", { name: "To win back", exact: true }).click();
  await page.getByText("Hidden until claimed: Phone").waitFor();
  await page.getByRole("link", { name: "Harbour Ferries" }).click();
  await page.getByText("hidden until claimed").first().waitFor();
  assert.equal(await page.getByText("901820").count(), 0);
  await page.goBack();
  await page.getByRole("button", { name: "Claim Harbour Ferries" }).click();
  await page.getByText("Harbour Ferries is yours now").waitFor();
  await page.getByText("1 claim left today").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "the list of a pool"), []);
  await kim.go(`/o/account/${id}`);
  await page.getByText("901820").first().waitFor();

  await page.getByRole("button", { name: "Return to the pool" }).click();
  await onTop(page).getByRole("textbox", { name: /^Reason/ }).fill("They buy nothing this year");
  await onTop(page).getByRole("button", { name: "Return to the pool" }).click();
  await page.getByText("Harbour Ferries lies in the pool again").waitFor();
  const returned = await api.read(`/records/account/${id}`);
  assert.deepEqual([returned.fields.owner, returned.fields.pool], [null, pool.id]);

  // What was done stands in the pool's log.
  await ada.go(`/pools/${pool.id}`);
  await ada.page.getByText("They buy nothing this year").waitFor();
  await ada.page.getByText("claimed it").waitFor();
  assert.deepEqual(await accessibilityFindings(ada.page, "a pool and what happened"), []);
});

story("Of two who claim at once the second is told who was faster, on a phone too", async (scene) => {
  const api = await scene.api(people.ada);
  const pool = await api.create("/pools", { object: "account", name: "Open water", mode: "claimable", members: [{ kind: "department", id: await departmentOf(api, "Sales North") }, { kind: "department", id: await departmentOf(api, "Sales South") }] });
  const id = await lieIn(api, pool.id, { name: "Northern Salvage" });
  const lee = await scene.api(people.lee);
  const kim = await scene.windowOf(people.kim, { viewport: phone, colorScheme: "dark" });
  kim.expectRefusal(422, /\/claim$/);
  kim.expectRefusal(409, /\/claim$/);
  kim.expectRefusal(404, /\/records\/account\//);
  const { page } = kim;
  await kim.go(`/o/account?filter=${encodeURIComponent(JSON.stringify({ all: [{ field: "pool", op: "eq", value: pool.id }, { field: "owner", op: "is_empty" }] }))}`);
  await page.getByRole("button", { name: "Claim Northern Salvage" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "the list of a pool on a phone"), []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  // Lee claims it while Kim's list is still as it was.
  await page.route(/\/records\/account\?/, () => new Promise(() => {}));
  const { version } = await lee.read(`/records/account/${id}`);
  assert.equal((await lee.call("POST", `/records/account/${id}/claim`, {}, { "if-match": `"${version}"` })).status, 200);
  await page.getByRole("button", { name: "Claim Northern Salvage" }).click();
  await page.getByText("Somebody was faster").waitFor();
  assert.equal((await api.read(`/records/account/${id}`)).fields.owner, lee.me.person.id);
});

story("A record that lies in a pool is moved to another by the one who looks after it", async (scene) => {
  const api = await scene.api(people.ada);
  const one = await api.create("/pools", { object: "account", name: "First", mode: "claimable" });
  const other = await api.create("/pools", { object: "account", name: "Second", mode: "assigned_only" });
  const id = await lieIn(api, one.id, { name: "Canal Boats" });
  const ada = await scene.windowOf(people.ada);
  await ada.go(`/o/account/${id}`);
  await ada.page.getByRole("button", { name: "Move to another pool" }).click();
  await choose(ada.page, "Pool", "Second");
  await onTop(ada.page).getByRole("button", { name: "Move", exact: true }).click();
  await ada.page.getByText("Canal Boats is moved").waitFor();
  assert.equal((await api.read(`/records/account/${id}`)).fields.pool, other.id);
});

story("Who has no room sees beside the claim why, and what would free some; with room again the claim is open", async (scene) => {
  const api = await scene.api(people.ada);
  const kim = await scene.api(people.kim);
  const pool = await api.create("/pools", { object: "account", name: "Shallow water", mode: "claimable", members: [{ kind: "department", id: await departmentOf(api, "Sales North") }] });
  const id = await lieIn(api, pool.id, { name: "Estuary Dredging" });
  const held = await kim.create("/records/account", { fields: { name: "Held for years" } });
  const counts = { field: "name", op: "in", value: ["Estuary Dredging", "Held for years"] };
  const rule = await api.create("/holding-rules", { object: "account", name: "One of the two", subject: { kind: "employees" }, counts, limit: { kind: "number", number: 1 } });

  const window = await scene.windowOf(people.kim);
  const { page } = window;
  window.expectRefusal(422, /\/claim$/);
  await window.go(`/o/account/${id}`);
  await page.getByRole("button", { name: "Why can’t I claim this?" }).click();
  assert.equal(await page.getByRole("button", { name: "Claim", exact: true }).isDisabled(), true);
  await page.getByRole("list", { name: "Holding rules without room" }).getByText("One of the two").waitFor();
  await page.getByRole("list", { name: "What would free room" }).getByRole("link", { name: "Held for years" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "why it cannot be claimed"), []);
  await page.getByRole("button", { name: "Wait for room" }).click();
  await page.getByText("You are number 1 in line").waitFor();
  await page.keyboard.press("Escape");

  // In the list she is told when she presses it, in place.
  await window.go(`/o/account?filter=${encodeURIComponent(JSON.stringify({ all: [{ field: "pool", op: "eq", value: pool.id }, { field: "owner", op: "is_empty" }] }))}`);
  await page.getByRole("button", { name: "Claim Estuary Dredging" }).click();
  await onTop(page).getByRole("heading", { name: "No room" }).waitFor();
  await onTop(page).getByRole("list", { name: "What would free room" }).getByRole("link", { name: "Held for years" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "a claim without room"), []);
  await page.keyboard.press("Escape");
  assert.equal((await api.read(`/records/account/${id}`)).fields.owner, null);

  assert.equal((await kim.call("POST", `/records/account/${held.record.id}/void`, {}, { "if-match": `"${held.record.version}"` })).status, 200);
  await page.getByRole("button", { name: "Claim Estuary Dredging" }).click();
  await page.getByText("Estuary Dredging is yours now").waitFor();
  assert.equal((await api.call("DELETE", `/holding-rules/${rule.id}`, undefined, { "if-match": `"${rule.version}"` })).status, 204);
});
