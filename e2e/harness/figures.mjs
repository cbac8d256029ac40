// Figures of analyses as a person takes them: each is pressed, and the list that opens must be as many and worth as much as it said.
import assert from "node:assert/strict";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

const AMOUNT = /-?[$€£¥][\d.,]+/;
const RATE = /%|day|hour|minute|second/;

/**
 * Opens every figure within a part of the page. Counts must be the count of the list, amounts its sum, to the coin; averages and rates open
 * the set over which they are taken. What a figure says is its text; of several within a line each is one.
 * @param {Page} page
 * @param {Locator} part
 * @param {{except?: string, only?: string}} [which] CSS selectors of figures
 * @returns {Promise<number>} how many there were
 */
export async function openEveryFigure(page, part, { except, only } = {}) {
  const figures = part.locator(`${only ?? "[data-behind]"}${except ? `:not(${except})` : ""}`);
  // What is drawn while another question is on its way still answers the last one.
  await page.locator("[data-stale]").first().waitFor({ state: "detached" });
  const count = await figures.count();
  for (let at = 0; at < count; at += 1) await openFigure(page, figures.nth(at));
  return count;
}

/**
 * @param {Page} page
 * @param {Locator} figure
 */
export async function openFigure(page, figure) {
  const said = (await figure.innerText()).trim();
  const address = await figure.getAttribute("data-behind");
  await figure.click();
  const drawer = page.getByRole("dialog").last();
  const told = drawer.locator("[data-count]");
  await told.waitFor();
  const records = Number(await told.getAttribute("data-count"));
  const amount = AMOUNT.exec(said)?.[0];
  if (amount) {
    assert.equal(await drawer.locator("[data-amount]").innerText(), amount, `${address}: the sum of the list`);
  } else if (!RATE.test(said) || /^[\d,]+ deals?$/.test(said)) {
    assert.equal(records, Number(said.replaceAll(/[^\d]/g, "")), `${address}: ${said} against the count of the list`);
  }
  // The list itself is there, not only what it comes to.
  if (records > 0) await drawer.getByRole("rowheader").or(drawer.getByRole("listitem")).first().waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
}
