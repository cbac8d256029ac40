// The editor of sales processes as an administrator sees it: stages by their names, in the process and beside it.
import assert from "node:assert/strict";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

/**
 * The stages in the process, or those not used yet.
 * @param {Page} page
 * @param {"Stages" | "Not used yet"} name
 * @returns {Locator}
 */
export const zone = (page, name) => page.getByRole("region", { name, exact: true });

/**
 * A stage of the process.
 * @param {Page} page
 * @param {string} stage
 * @returns {Locator}
 */
export const stageRow = (page, stage) => zone(page, "Stages").getByRole("listitem").filter({ has: page.getByRole("button", { name: stage, exact: true }) });

/**
 * Begins a process and returns its id.
 * @param {Page} page which shows the list
 * @param {string} name
 * @param {string} [model] of which it begins as a copy
 * @returns {Promise<string>}
 */
export async function beginPipeline(page, name, model) {
  await page.getByRole("button", { name: "New pipeline" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  if (model) {
    await dialog.getByRole("combobox", { name: "Begin with" }).click();
    await page.getByRole("option", { name: model, exact: true }).click();
  }
  await dialog.getByRole("button", { name: "Begin", exact: true }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

/**
 * Adds a stage by its button.
 * @param {Page} page
 * @param {string} stage
 */
export async function addStage(page, stage) {
  await page.getByRole("button", { name: `Add ${stage}`, exact: true }).click();
  await stageRow(page, stage).waitFor();
}

/**
 * What can be done with a stage without dragging it.
 * @param {Page} page
 * @param {string} stage
 * @param {"Move up" | "Move down" | "Take out"} act
 */
export async function actOnStage(page, stage, act) {
  await page.getByRole("button", { name: `More for ${stage}`, exact: true }).click();
  await page.getByRole("menuitem", { name: act }).click();
}

/**
 * Opens the settings of a stage.
 * @param {Page} page
 * @param {string} stage
 * @returns {Promise<Locator>}
 */
export async function openStage(page, stage) {
  await page.getByRole("button", { name: `Settings of ${stage}`, exact: true }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("heading", { name: /^(Entering the stage|What is to be done)$/ }).first().waitFor();
  return drawer;
}

/** @param {Page} page */
export async function closeDrawer(page) {
  await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
}

/** @param {Page} page */
export async function draftSaved(page) {
  await page.getByRole("status").filter({ hasText: "Draft saved" }).waitFor();
}

/**
 * Drags something by its handle with the mouse, slowly enough for a hand.
 * @param {Page} page
 * @param {Locator} handle
 * @param {Locator} onto
 */
export async function dragOnto(page, handle, onto) {
  const [from, to] = [await handle.boundingBox(), await onto.boundingBox()];
  assert.ok(from && to, "both are on screen");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 8, from.y + from.height / 2 + 4, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 14 });
  await page.waitForTimeout(150);
  await page.mouse.up();
}
