import assert from "node:assert/strict";
import { accessibilityFindings } from "../harness/browser.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

const year = new Date().getFullYear() + 1;

/**
 * Pastes a table into the cell in which one stands, as a spreadsheet hands it over.
 * @param {import("playwright-core").Locator} cell
 * @param {string} text
 */
const paste = (cell, text) =>
  cell.evaluate((input, pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);

story("Ada pastes a year's targets from a spreadsheet: by name, with one stranger told; saved, they add up, and the department's own differs by what is shown", async (scene) => {
  const kim = (await scene.api(people.kim)).me.person.name;
  const tara = (await scene.api(people.tara)).me.person.name;
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go(`/admin/targets?year=${year}`);
  const grid = page.getByRole("table", { name: "Targets" });
  await grid.waitFor();
  const cell = (/** @type {string} */ period, /** @type {string} */ name) => grid.getByRole("textbox", { name: `${period} ${year}, ${name}`, exact: true });
  await paste(cell("Jan", kim), `Person\tJan\tFeb\n${tara}\t20,000\t25,000\nSomebody Else\t1\t2\n${kim}\t10,000\t12,500`);
  await page.getByText("4 figures pasted into 2 lines.", { exact: false }).waitFor();
  await page.getByText("nobody here of that name", { exact: false }).getByText("Somebody Else", { exact: false }).waitFor();
  assert.equal(await cell("Feb", kim).inputValue(), "12,500");
  assert.equal(await cell("Jan", tara).inputValue(), "20,000");
  await cell("Jan", "Sales North").fill("35000");
  await page.keyboard.press("Control+s");
  await page.getByText("Targets saved").waitFor();
  assert.equal(await cell("Jan", "Sales North, sum of its people").inputValue(), "30,000");
  assert.equal(await cell("Jan", "Sales North, own target less the sum of its people").inputValue(), "5,000");
  assert.deepEqual(await accessibilityFindings(page, "targets"), []);

  // Seen by quarters the months add up in grey, until the quarter has a target of its own.
  await page.getByText("Quarters", { exact: true }).click();
  const quarter = grid.getByRole("textbox", { name: `Q1 ${year}, ${kim}`, exact: true });
  assert.equal(await quarter.inputValue(), "");
  assert.equal(await quarter.getAttribute("placeholder"), "22,500");

  // Typed wrongly nothing is saved, and the cell says so.
  await quarter.fill("many");
  assert.ok(await page.getByRole("button", { name: "Save targets" }).isDisabled());
  await page.getByRole("button", { name: "Undo" }).click();
});

story("Two set targets at once: the second keeps what he has typed over what the first has set, and saves it", async (scene) => {
  const { id, name } = (await scene.api(people.lee)).me.person;
  const ada = await scene.windowOf(people.ada);
  ada.expectRefusal(409, /\/targets$/);
  const { page } = ada;
  await ada.go(`/admin/targets?year=${year}`);
  const grid = page.getByRole("table", { name: "Targets" });
  const cell = (/** @type {string} */ period) => grid.getByRole("textbox", { name: `${period} ${year}, ${name}`, exact: true });
  await cell("Mar").fill("7000");
  const api = await scene.api(people.ada);
  const present = (await api.read(`/targets?year=${year}&metric=won_amount`)).rows.find((/** @type {any} */ row) => row.id === id);
  assert.equal((await api.call("PUT", "/targets", { year, metric: "won_amount", rows: [{ kind: "person", id, version: present.version, values: { [`${year}-04`]: "4000.00" } }] })).status, 200);
  await page.getByRole("button", { name: "Save targets" }).click();
  await page.getByText("Somebody else has set targets meanwhile").waitFor();
  assert.equal(await cell("Apr").inputValue(), "4,000");
  assert.equal(await cell("Mar").inputValue(), "7,000");
  await page.getByRole("button", { name: "Save targets" }).click();
  await page.getByText("Targets saved").waitFor();
});

story("A salesperson reads the targets and sets none", async (scene) => {
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/admin/targets?year=${year}`);
  await page.getByText(/Setting them is up to/).waitFor();
  assert.equal(await page.getByRole("button", { name: "Save targets" }).count(), 0);
});
