import assert from "node:assert/strict";
import { stagesOf } from "../harness/board.mjs";
import { accessibilityFindings } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { listNamed } from "../harness/records.mjs";
import { story } from "../harness/story.mjs";

/**
 * A limit that has just been reached: as many as are held now, and `more`.
 * @param {import("../harness/api.mjs").Session} api of an administrator
 * @param {Record<string, unknown>} rule without its limit
 * @param {string} subject whom it limits
 * @param {number} [more]
 * @returns {Promise<{rule: any, limit: number, lift: () => Promise<void>}>}
 */
async function limitAt(api, rule, subject, more = 0) {
  const trial = await api.create("/holding-rules/preview", { ...rule, limit: { kind: "number", number: 0 } });
  const limit = trial.subjects.find((/** @type {any} */ one) => one.id === subject).held + more;
  const made = await api.create("/holding-rules", { ...rule, limit: { kind: "number", number: limit } });
  const lift = async () => {
    assert.equal((await api.call("DELETE", `/holding-rules/${made.id}`, undefined, { "if-match": `"${made.version}"` })).status, 204);
  };
  return { rule: made, limit, lift };
}

/**
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} name
 * @returns {Promise<string>}
 */
async function departmentOf(api, name) {
  const { items } = await api.read("/records/department?limit=50");
  return items.find((/** @type {any} */ one) => one.fields.name === name).id;
}

/**
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} id of an opportunity
 */
async function bin(api, id) {
  const { version } = await api.read(`/records/opportunity/${id}`);
  assert.equal((await api.call("POST", `/records/opportunity/${id}/void`, {}, { "if-match": `"${version}"` })).status, 200);
}

story("A salesperson without room sees what would free it, waits in line, frees it and gets in; the department shares its limit", async (scene) => {
  const api = await scene.api(people.ada);
  const kim = await scene.api(people.kim);
  const north = await departmentOf(api, "Sales North");
  const { limit: held, lift } = await limitAt(api, { object: "opportunity", name: "North together", subject: { kind: "departments", ids: [north], with_sub: true } }, north);

  const window = await scene.windowOf(people.kim);
  window.expectRefusal(422, /\/records\/opportunity$/);
  const { page } = window;
  await window.go("/o/opportunity?create=true");
  const dialog = onTop(page);
  await dialog.getByRole("textbox", { name: /^Opportunity name/ }).fill("One too many");
  await dialog.getByText(`${held} of ${held} · North together`).waitFor();
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await dialog.getByRole("heading", { name: "No room" }).waitFor();
  const frees = dialog.getByRole("list", { name: "What would free room" });
  await frees.getByRole("link").first().waitFor();
  await dialog.getByRole("button", { name: "Wait for room" }).click();
  await dialog.getByText("You are number 1 in line").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "no room"), []);

  // She gives up the one that was left alone the longest.
  const stale = (await frees.getByRole("link").first().getAttribute("href"))?.split("/").at(-1);
  const deal = await api.read(`/records/opportunity/${stale}`);
  assert.equal(deal.fields.owner, kim.me.person.id);
  await bin(api, deal.id);
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("One too many", { exact: true }).first().waitFor();

  await window.go("/holdings");
  await page.getByText(/^Opportunities · shared by Sales North, of them \d+ yours/).waitFor();
  await page.getByText("no room", { exact: true }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "my holdings"), []);
  const mona = await scene.windowOf(people.mona);
  await mona.go("/holdings?tab=team");
  await mona.page.getByRole("row", { name: /Sales North/ }).waitFor();
  assert.deepEqual(await accessibilityFindings(mona.page, "a team's holdings"), []);
  await lift();
});

story("A deal that was lost is opened again for somebody without room: the refusal says what would free some, and when it is free it opens", async (scene) => {
  const api = await scene.api(people.ada);
  const kim = await scene.api(people.kim);
  const amount = { amount: "770077.00", currency: "USD" };
  const make = async (/** @type {string} */ name) => (await kim.create("/records/opportunity", { fields: { name, amount } })).record;
  const kept = await make("Kept warm since spring");
  const lost = await make("Lost in spring");
  const { lost: stage } = await stagesOf(kim);
  const { options } = (await kim.read("/objects")).objects.find((/** @type {any} */ one) => one.key === "opportunity").fields.find((/** @type {any} */ one) => one.key === "lost_reason");
  const moved = await kim.call("POST", `/records/opportunity/${lost.id}/move`, { stage: stage.key, fields: { lost_reason: options[0].key }, reason: "They chose another" }, { "if-match": `"${lost.version}"` });
  assert.equal(moved.status, 200, JSON.stringify(moved.body));
  // Only deals of this size count: what would free room is looked for among them.
  const counts = { field: "amount", op: "eq", value: amount };
  const me = kim.me.person;
  const { limit, lift } = await limitAt(api, { object: "opportunity", name: "Large ones of each", subject: { kind: "employees" }, counts }, me.id);
  assert.equal(limit, 1);

  const mona = await scene.windowOf(people.mona);
  mona.expectRefusal(422, /\/(move|reopen)$/);
  const { page } = mona;
  await mona.go(`/o/opportunity/${lost.id}`);
  await page.getByRole("button", { name: "Reopen" }).click();
  const dialog = onTop(page);
  const reason = dialog.getByRole("textbox", { name: /reason|again/i });
  await reason.fill("They came back to us");
  await dialog.getByRole("button", { name: /^Reopen/ }).click();
  await dialog.getByRole("heading", { name: `${me.name} has no room` }).waitFor();
  await dialog.getByRole("list", { name: "Holding rules without room" }).getByText("Large ones of each").waitFor();
  const frees = dialog.getByRole("list", { name: "What would free room" });
  await frees.getByRole("link", { name: "Kept warm since spring" }).waitFor();
  assert.equal(await frees.getByRole("link").count(), 1);
  assert.equal(await reason.inputValue(), "They came back to us", "what was typed is still there");
  assert.deepEqual(await accessibilityFindings(page, "no room to open again"), []);

  await bin(kim, kept.id);
  await dialog.getByRole("button", { name: /^Reopen/ }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.equal((await kim.read(`/records/opportunity/${lost.id}`)).fields.stage_type, "in_progress");
  await lift();
});

story("Two of a department take its last place in the same instant: one has it, the other is told, keeps what he typed and gets in later", async (scene) => {
  const api = await scene.api(people.ada);
  const north = await departmentOf(api, "Sales North");
  const { limit, lift } = await limitAt(api, { object: "opportunity", name: "Last place of North", subject: { kind: "departments", ids: [north], with_sub: true } }, north, 1);
  const windows = await Promise.all([people.kim, people.tara].map((person) => scene.windowOf(person)));
  for (const [index, window] of windows.entries()) {
    window.expectRefusal(422, /\/records\/opportunity$/);
    await window.go("/o/opportunity?create=true");
    await onTop(window.page).getByRole("textbox", { name: /^Opportunity name/ }).fill(`Last place ${index}`);
    await onTop(window.page).getByText(`${limit - 1} of ${limit} · Last place of North`).waitFor();
  }
  const answers = await Promise.all(
    windows.map(async ({ page }) => {
      const answer = page.waitForResponse((one) => one.request().method() === "POST" && one.url().endsWith("/records/opportunity"));
      await onTop(page).getByRole("button", { name: "Create", exact: true }).click();
      return (await answer).status();
    }),
  );
  assert.deepEqual([...answers].sort(), [201, 422]);
  const first = answers.indexOf(201);
  const winner = windows[first];
  const second = windows[1 - first];
  assert.ok(winner && second);
  await winner.page.getByText(`Last place ${first}`, { exact: true }).first().waitFor();

  const dialog = onTop(second.page);
  await dialog.getByRole("heading", { name: "No room" }).waitFor();
  await dialog.getByText(`shared by Sales North`).first().waitFor();
  assert.equal(await dialog.getByRole("textbox", { name: /^Opportunity name/ }).inputValue(), `Last place ${1 - first}`);
  const { items } = await api.read(`/records/opportunity?q=${encodeURIComponent("Last place")}`);
  assert.deepEqual(items.map((/** @type {any} */ one) => one.fields.name), [`Last place ${first}`]);

  await bin(api, items[0].id);
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await second.page.getByText(`Last place ${1 - first}`, { exact: true }).first().waitFor();
  await lift();
});

story("A manager gives several deals to somebody with room for one: each refused one names the rule, and what would free room stands below", async (scene) => {
  const api = await scene.api(people.ada);
  const mona = await scene.api(people.mona);
  const kim = (await scene.api(people.kim)).me.person;
  const word = "Handover";
  for (const name of ["one", "two", "three"]) await mona.create("/records/opportunity", { fields: { name: `${word} ${name}` } });
  const { limit, lift } = await limitAt(api, { object: "opportunity", name: "Deals of each", subject: { kind: "employees" } }, kim.id, 1);
  const window = await scene.windowOf(people.mona);
  const { page } = window;
  await window.go(`/o/opportunity?q=${word}`);
  await page.getByText("3 records").waitFor();
  await page.getByRole("checkbox", { name: "Select all rows loaded" }).check();
  await page.getByRole("button", { name: "Change owner" }).click();
  const dialog = onTop(page);
  await listNamed(dialog, /New owner/).fill(kim.name);
  await page.getByRole("option", { name: kim.name }).click();
  await dialog.getByText(`${limit - 1} of ${limit} · Deals of each`).waitFor();
  await dialog.getByRole("button", { name: "Check" }).click();
  await dialog.getByText("2 would be refused").waitFor();
  assert.equal(await dialog.getByRole("list", { name: "Holding rules without room" }).count(), 2);
  await dialog.getByRole("list", { name: "Holding rules without room" }).first().getByText("no room", { exact: true }).waitFor();
  await dialog.getByRole("list", { name: `What would free room for ${kim.name}` }).getByRole("link").first().waitFor();
  assert.deepEqual(await accessibilityFindings(page, "many without room"), []);
  await lift();
});
