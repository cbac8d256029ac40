// Object Management as an administrator sees it.

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

/**
 * The dialog or drawer on top.
 * @param {Page} page
 * @returns {Locator}
 */
export function onTop(page) {
  return page.getByRole("dialog").last();
}

/**
 * Chooses from a list that opens on a press.
 * @param {Page} page
 * @param {string | RegExp} field its label
 * @param {string | RegExp} option
 */
export async function choose(page, field, option) {
  await onTop(page).getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option }).first().click();
}

/**
 * Opens the drawer for a new field of a type, names it, lets the story set what it likes, creates it and waits until it can be used.
 * @param {Page} page which shows the object's fields
 * @param {string} type as the grid calls it
 * @param {string} label
 * @param {(drawer: Locator) => Promise<void>} [settings]
 */
export async function addField(page, type, label, settings) {
  await page.getByRole("button", { name: "New field", exact: true }).click();
  const drawer = onTop(page);
  await drawer.getByRole("button").filter({ has: page.locator("b", { hasText: new RegExp(`^${type}$`) }) }).click();
  await drawer.getByRole("textbox", { name: /^Label \(English\)/ }).fill(label);
  await settings?.(drawer);
  await drawer.getByRole("button", { name: "Create", exact: true }).click();
  await drawer.waitFor({ state: "hidden" });
  await row(page, label).getByText("In use", { exact: true }).waitFor();
}

/**
 * A field's row in the table of fields.
 * @param {Page} page
 * @param {string} label
 * @returns {Locator}
 */
export function row(page, label) {
  return page.getByRole("row").filter({ has: page.getByRole("button", { name: label, exact: true }) });
}

/**
 * Opens a field's drawer.
 * @param {Page} page
 * @param {string} label
 * @returns {Promise<Locator>}
 */
export async function openField(page, label) {
  await row(page, label).getByRole("button", { name: label, exact: true }).click();
  const drawer = onTop(page);
  await drawer.getByText(`Field ${label}`).waitFor();
  return drawer;
}
