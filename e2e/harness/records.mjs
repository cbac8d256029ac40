// The record screens as a person sees them.
import assert from "node:assert/strict";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

/**
 * A field of the open dialog by its label; a required one has an asterisk behind it.
 * @param {Page} page
 * @param {string} label
 * @returns {Locator}
 */
export function fieldNamed(page, label) {
  return page.getByRole("dialog").getByRole("textbox", { name: new RegExp(`^(Opportunity )?${label}\\b`, "i") });
}

/**
 * A field in which one chooses from a list, short or searched.
 * @param {Page | Locator} place
 * @param {string | RegExp} name
 * @returns {Locator}
 */
export function listNamed(place, name) {
  return place.getByRole("combobox", { name }).or(place.getByRole("textbox", { name }));
}

/**
 * Creates an opportunity from the table and returns its id.
 * @param {Page} page which shows the table
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function createOpportunity(page, name) {
  await page.getByRole("button", { name: /^New opportunity$/i }).click();
  await fieldNamed(page, "Name").fill(name);
  const answer = page.waitForResponse((one) => one.request().method() === "POST" && one.url().endsWith("/records/opportunity"));
  await page.getByRole("dialog").getByRole("button", { name: /^(Create|Save)$/ }).click();
  const response = await answer;
  assert.equal(response.status(), 201);
  const { record } = await response.json();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  return record.id;
}

/**
 * Opens the dialog in which the record on screen is edited.
 * @param {Page} page
 */
export async function edit(page) {
  await page.getByRole("button", { name: "Edit", exact: true }).first().click();
  await page.getByRole("dialog").waitFor();
}

/**
 * Answers what the move dialog asks, where it opens at all: takes the first of each list that has to be chosen from, gives an amount, a day
 * and the reason, and moves.
 * @param {Page} page
 * @param {Locator | undefined} arrived what is there when nothing was asked
 * @param {string} [reason]
 */
export async function answerMoveDialog(page, arrived, reason = "It was time") {
  const dialog = page.getByRole("dialog");
  await (arrived ? dialog.or(arrived).first().waitFor() : dialog.waitFor());
  if (!(await dialog.isVisible())) return;
  const submit = dialog.getByRole("button", { name: /^(Move to |Reopen)/ });
  await submit.waitFor();
  for (const field of await dialog.locator("input:visible, textarea:visible").all()) {
    if ((await field.inputValue()) !== "") continue;
    if ((await field.getAttribute("aria-haspopup")) === "listbox") {
      await field.click();
      await page.getByRole("option").first().click();
    } else if ((await field.getAttribute("type")) === "date") {
      await field.fill("2030-06-30");
    } else if ((await field.getAttribute("inputmode")) === "decimal") {
      await field.fill("48000");
    } else {
      await field.fill(reason);
    }
  }
  await submit.click();
  await dialog.waitFor({ state: "hidden" });
}
