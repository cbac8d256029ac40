import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("A salesperson without room sees what would free it, waits in line, frees it and gets in; the department shares its limit", async (scene) => {
  const api = await scene.api(people.ada);
  const kim = await scene.api(people.kim);
  const { items } = await api.read("/records/department?limit=50");
  const north = items.find((/** @type {any} */ one) => one.fields.name === "Sales North").id;
  const trial = await api.create("/holding-rules/preview", { object: "opportunity", name: "North together", subject: { kind: "departments", ids: [north], with_sub: true }, limit: { kind: "number", number: 1 } });
  const held = trial.subjects[0].held;
  const rule = await api.create("/holding-rules", { object: "opportunity", name: "North together", subject: { kind: "departments", ids: [north], with_sub: true }, limit: { kind: "number", number: held } });

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
  assert.equal((await api.call("POST", `/records/opportunity/${stale}/void`, {}, { "if-match": `"${deal.version}"` })).status, 200);
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
  await api.call("DELETE", `/holding-rules/${rule.id}`, undefined, { "if-match": `"${rule.version}"` });
});
