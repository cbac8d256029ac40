import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { openEveryFigure } from "../harness/figures.mjs";
import { people } from "../harness/people.mjs";
import { onTop } from "../harness/objects.mjs";
import { story } from "../harness/story.mjs";

/** @typedef {import("playwright-core").Page} Page */

const month = new Date().toISOString().slice(0, 7);
const year = Number(month.slice(0, 4));

/** @param {Page} page */
const lines = (page) => page.getByRole("table", { name: "By person, each with all below" });

/**
 * @param {Page} page
 * @param {string} name
 */
const lineOf = (page, name) => lines(page).getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

story("Kim submits her forecast, Mona adjusts it with a reason and sees it with target and attainment; both stand in how it moved", async (scene) => {
  const ada = await scene.api(people.ada);
  const kimSession = await scene.api(people.kim);
  const { id, name: kimsName } = kimSession.me.person;
  const targets = await ada.read(`/targets?year=${year}&metric=won_amount`);
  const hers = targets.rows.find((/** @type {any} */ row) => row.id === id);
  assert.equal((await ada.call("PUT", "/targets", { year, metric: "won_amount", rows: [{ kind: "person", id, version: hers.version, values: { [month]: "200000.00" } }] })).status, 200);

  const kim = await scene.windowOf(people.kim);
  await kim.go("/analysis");
  await kim.page.getByRole("list", { name: "Analysis" }).getByRole("link", { name: /^Forecast/ }).click();
  await kim.page.getByText("of the target of $200,000").waitFor();
  await kim.page.getByRole("button", { name: "Submit forecast" }).click();
  const form = onTop(kim.page);
  await form.getByRole("textbox", { name: /^Commit/ }).fill("120,000");
  await form.getByRole("textbox", { name: /^Best case/ }).fill("180000");
  await form.getByRole("textbox", { name: "Note" }).fill("The large one signs in the last week");
  await form.getByRole("button", { name: "Submit", exact: true }).click();
  await kim.page.getByText("commit $120,000, best case $180,000").first().waitFor();
  await kim.page.getByRole("img", { name: /the last commit is \$120,000/ }).waitFor();
  assert.deepEqual(await accessibilityFindings(kim.page, "a forecast of one's own"), []);
  await openEveryFigure(kim.page, kim.page.locator("main"));

  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go("/analysis/forecast");
  const row = lineOf(page, kimsName);
  assert.match(await row.locator("[data-figure=said_commit]").innerText(), /\$120,000/);
  assert.equal(await row.locator("[data-figure=target]").innerText(), "$200,000");
  await row.getByRole("button", { name: `Adjust: ${kimsName}` }).click();
  const adjust = onTop(page);
  await adjust.getByText(`${kimsName} has submitted commit $120,000`).waitFor();
  await adjust.getByRole("textbox", { name: /^Commit/ }).fill("100000");
  await adjust.getByRole("textbox", { name: /^Why/ }).fill("The customer's board meets in the new year");
  await adjust.getByRole("button", { name: "Adjust", exact: true }).click();
  await row.getByText("$100,000").waitFor();
  assert.match(await row.locator("[data-figure=said_commit]").innerText(), /120,000[\s\S]*100,000/);
  const attained = await row.locator("[data-figure=attainment]").innerText();
  const told = await scene.api(people.mona).then((api) => api.read(`/analysis/forecast?period=${month}&person=${id}`));
  const own = told.rows.find((/** @type {any} */ one) => one.kind === "own") ?? told.total;
  assert.equal(Number(attained.replace(/[^\d.]/g, "")), Number(own.cells[0].attainment));
  await openEveryFigure(page, lines(page));
  assert.deepEqual(await accessibilityFindings(page, "a manager's forecast"), []);

  // Kim finds her own figure and his beside it, and why.
  await kim.page.reload();
  await kim.page.getByText("commit $100,000").first().waitFor();
  await kim.page.getByRole("button", { name: "Show as a table" }).last().click();
  const history = kim.page.getByRole("table", { name: "How the forecast moved" });
  await history.getByText("The customer's board meets in the new year").waitFor();
  await history.getByText("The large one signs in the last week").waitFor();
});

story("A month that is over says that it is locked, and offers nothing to submit", async (scene) => {
  const kim = await scene.windowOf(people.kim);
  await kim.go(`/analysis/forecast?period="${year - 1}-03"`);
  await kim.page.getByText(/its forecast is locked/).waitFor();
  assert.equal(await kim.page.getByRole("button", { name: "Submit forecast" }).count(), 0);
});

story("Two submit the same month in the same instant: the second is shown what the first has said, keeps his figures and puts them over it", async (scene) => {
  const tara = await scene.windowOf(people.tara);
  tara.expectRefusal(409, /\/submissions$/);
  await tara.go("/analysis/forecast");
  await tara.page.getByRole("button", { name: "Submit forecast" }).click();
  const form = onTop(tara.page);
  await form.getByRole("textbox", { name: /^Commit/ }).fill("50000");
  await form.getByRole("textbox", { name: /^Best case/ }).fill("60000");
  const api = await scene.api(people.tara);
  const { version } = await api.read(`/analysis/forecast/history?person=${api.me.person.id}&period=${month}`);
  await api.create("/analysis/forecast/submissions", { period: month, covers: "own", commit: "41000.00", best_case: "42000.00", version });
  await form.getByRole("button", { name: "Submit", exact: true }).click();
  await form.getByText("Meanwhile commit $41,000, best case $42,000 has been said.", { exact: false }).waitFor();
  assert.equal(await form.getByRole("textbox", { name: /^Commit/ }).inputValue(), "50000");
  await form.getByRole("button", { name: "Put mine over it" }).click();
  await tara.page.getByText("commit $50,000, best case $60,000").first().waitFor();
});

story("Ada has departments count what was won in them: who moved away leaves it behind, and its numbers open their deals", async (scene) => {
  const api = await scene.api(people.ada);
  const kim = (await api.read("/records/employee?limit=200")).items.find((/** @type {any} */ one) => one.fields.email === people.kim);
  const was = kim.fields.department;
  const other = (await api.read("/records/department?limit=50")).items.find((/** @type {any} */ one) => one.id !== was);
  const told = async () => api.read(`/analysis/forecast?department=${was}`);
  const before = (await told()).total.cells[0].closed;
  const moved = await api.call("PATCH", `/records/employee/${kim.id}`, { fields: { department: other.id } }, { "if-match": `"${kim.version}"` });
  assert.equal(moved.status, 200);
  assert.ok(Number((await told()).total.cells[0].closed.amount) < Number(before.amount), "what Kim has won has gone along with her");

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/admin/organisation");
  await page.getByRole("combobox", { name: "Forecasts of departments count an opportunity for" }).click();
  await page.getByRole("option", { name: "The department that stands in it" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).first().click();
  await page.getByText("The settings are saved.").waitFor();
  await ada.go(`/analysis/forecast?department=${was}`);
  const row = page.getByRole("row", { name: /^People of other departments/ });
  await row.waitFor();
  const now = await told();
  assert.deepEqual(now.total.cells[0].closed.amount, before.amount, "it is there again");
  const elsewhere = now.rows.find((/** @type {any} */ one) => one.kind === "elsewhere").cells[0].closed;
  assert.ok(elsewhere.count > 0);
  const behind = await api.read(elsewhere.behind.amount);
  assert.deepEqual([behind.count, behind.amount], [elsewhere.count, elsewhere.amount]);
  await row.getByRole("button").first().click();
  await page.getByRole("dialog").getByRole("link").nth(elsewhere.count - 1).waitFor();

  // A salesperson does not settle it.
  const salesperson = await scene.api(people.kim);
  assert.equal((await salesperson.call("PATCH", "/organisation", { department_of_deals: "owner" })).status, 403);
  assert.equal((await api.call("PATCH", "/organisation", { department_of_deals: "desk" })).status, 422);
}, { more: [] });
