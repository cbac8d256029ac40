// Lists of records as a person sees them: views, filters, groups, cells.
import assert from "node:assert/strict";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

/**
 * Puts one condition on the list.
 * @param {Page} page
 * @param {string} words by which the field is found, also across references
 * @param {string} field as it then stands in the line
 * @param {string} comparison
 * @param {string} value
 */
export async function filterBy(page, words, field, comparison, value) {
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("button", { name: "Add a line" }).click();
  await page.getByRole("button", { name: /^Field:/ }).click();
  await page.getByRole("combobox", { name: "Find a field, also across references" }).fill(words);
  await page.getByRole("option", { name: field, exact: true }).click();
  await page.getByRole("button", { name: `Field: ${field}` }).waitFor();
  await page.getByRole("combobox", { name: "Comparison" }).click();
  await page.getByRole("option", { name: comparison, exact: true }).click();
  await page.getByRole("textbox", { name: "Value" }).fill(value);
  await page.getByRole("button", { name: "Apply" }).click();
}

/**
 * Groups the list by a field.
 * @param {Page} page
 * @param {string} field
 */
export async function groupBy(page, field) {
  await page.getByRole("combobox", { name: "Group by" }).click();
  await page.getByRole("option", { name: field, exact: true }).click();
  await page.getByRole("treegrid").waitFor();
}

/**
 * The head of a group by its value; its name ends with the count.
 * @param {Page} page
 * @param {string} value
 * @returns {Locator}
 */
export function groupHead(page, value) {
  return page.getByRole("treegrid").getByRole("button", { name: new RegExp(`^${value} [\\d,]+$`) });
}

/**
 * Saves what is shown as a view.
 * @param {Page} page
 * @param {string} name
 */
export async function saveView(page, name) {
  await page.getByRole("button", { name: "Save as…" }).click();
  const dialog = page.getByRole("dialog", { name: "Save as a view" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "hidden" });
  await viewButton(page, name).waitFor();
}

/**
 * @param {Page} page
 * @param {string} name of the view that is shown
 * @returns {Locator}
 */
export function viewButton(page, name) {
  return page.getByRole("button", { name: `View: ${name}` });
}

/**
 * The cell of a record in a column.
 * @param {Page} page
 * @param {string} name of the record
 * @param {string} column
 * @returns {Promise<Locator>}
 */
export async function cellOf(page, name, column) {
  await page.getByRole("columnheader", { name: column }).waitFor();
  const heads = await page.getByRole("columnheader").allInnerTexts();
  const at = heads.findIndex((text) => text.trim() === column);
  assert.ok(at >= 0, `no column ${column} among ${heads.join(", ")}`);
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) }).getByRole("gridcell").nth(at);
}
