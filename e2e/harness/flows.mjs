// The drawn editor of approval flows as an administrator uses it.
import { onTop } from "./objects.mjs";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

/**
 * The flow as it is drawn.
 * @param {Page} page
 * @returns {Locator}
 */
export const drawing = (page) => page.getByRole("group", { name: "The flow, drawn" });

/**
 * Begins a flow and names it.
 * @param {Page} page which shows the list
 * @param {string} object in the plural
 * @param {string} name
 */
export async function beginFlow(page, object, name) {
  await page.getByRole("button", { name: "New flow" }).click();
  await page.getByRole("menuitem", { name: object, exact: true }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
}

/**
 * Opens a step that is drawn.
 * @param {Page} page
 * @param {string} name
 */
export async function openStep(page, name) {
  await drawing(page).getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await onTop(page).getByRole("textbox", { name: "Name of the step" }).waitFor();
}

/**
 * Puts a step into the flow, which opens it.
 * @param {Page} page
 * @param {string} place the name of the plus, as "Put in before Approved"
 * @param {"Approval" | "Branch" | "In parallel" | "Task"} kind
 */
export async function putIn(page, place, kind) {
  await drawing(page).getByRole("button", { name: place, exact: true }).click();
  await page.getByRole("menuitem", { name: new RegExp(`^${kind}`) }).click();
  await onTop(page).getByRole("textbox", { name: "Name of the step" }).waitFor();
}

/**
 * Names the step that is open.
 * @param {Page} page
 * @param {string} name
 */
export async function nameStep(page, name) {
  await onTop(page).getByRole("textbox", { name: "Name of the step" }).fill(name);
}

/**
 * Asks one person in the step that is open, instead of the manager.
 * @param {Page} page
 * @param {string} person
 */
export async function onlyPerson(page, person) {
  await onTop(page).getByRole("button", { name: /^Remove Manager/ }).click();
  await onTop(page).getByRole("button", { name: "Add somebody" }).click();
  await page.getByRole("menuitem", { name: "A person" }).click();
  await onTop(page).getByRole("combobox", { name: "A person" }).fill(person);
  await page.getByRole("option", { name: person }).click();
}

/**
 * Closes the step that is open.
 * @param {Page} page
 */
export async function stepDone(page) {
  await onTop(page).getByRole("button", { name: "Done" }).click();
  await onTop(page).waitFor({ state: "hidden" });
}

/**
 * Creates or saves the flow that is drawn.
 * @param {Page} page
 * @param {string} name
 */
export async function saveFlow(page, name) {
  await page.getByRole("button", { name: /^(Create|Save)$/ }).click();
  await page.getByText(`${name} is saved`).waitFor();
}
