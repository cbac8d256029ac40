import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

story("A draft is tried on the moves that were made before anybody obeys it", async (scene) => {
  const api = await scene.api(people.ada);
  const { items } = await api.read("/processes");
  const draft = structuredClone(items[0]);
  draft.stages[1].entry_condition = { field: "amount", op: "ge", value: "40000" };
  draft.stages[0].duration_seconds = 3600;
  const kept = await api.call("PUT", `/processes/${draft.id}/draft`, draft, { "if-match": '"0"' });
  assert.equal(kept.status, 200, JSON.stringify(kept.body));

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go(`/admin/pipelines/${draft.id}`);
  await page.getByRole("button", { name: "Try before publishing" }).click();
  await page.getByRole("heading", { name: "Try before publishing" }).waitFor();
  await page.getByText("Tried: the draft").waitFor();

  // In words, by gates, and with the deals.
  await page.getByText(/Of [\d,]+ moves in the last 6 months/).waitFor();
  await page.getByText("24 mo.").click();
  await page.getByText(/Of [\d,]+ moves in the last 24 months/).waitFor();
  const gate = page.getByRole("button", { name: /^Show only moves held back by “Entry condition” in Qualification/ });
  await gate.click();
  assert.equal(await gate.getAttribute("aria-pressed"), "true");
  await page.getByText("Only: Qualification · Entry condition").waitFor();
  const row = page.locator("tbody tr").first();
  await row.getByText("Qualification").waitFor();

  // As a file.
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const file = await coming;
  assert.match(file.suggestedFilename(), /^held-back-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile((await file.path()) ?? "", "utf8")).trim().split("\r\n");
  const report = await api.create(`/processes/${draft.id}/try`, { months: 24, limit: 1 });
  assert.equal(lines.length - 1, report.held_back.count);
  assert.match(lines[0] ?? "", /Opportunity,ID,Owner,Amount,Currency,Moved at,From,To,Moved by,Held back by/);

  // Deals that an hour in the first stage is too little for.
  await page.getByRole("tab", { name: /Would become overdue/ }).click();
  await page.getByText(/Overdue today \d+, then \d+/).waitFor();
  assert.ok(report.overdue.count > 0);
  const late = page.locator("tbody tr").first().getByRole("link");
  const name = await late.textContent();
  await late.click();
  await page.getByRole("heading", { name: name ?? "" }).waitFor();

  // Nothing of it has changed anything.
  assert.equal((await api.read(`/processes/${draft.id}`)).version, items[0].version);
});
