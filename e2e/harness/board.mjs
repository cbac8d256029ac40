// The board as a person sees it: columns by their stage, cards by their name.
import assert from "node:assert/strict";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").Locator} Locator
 */

/**
 * @param {Page} page
 * @param {string} stage its label
 * @returns {Locator}
 */
export function column(page, stage) {
  return page.getByRole("region", { name: stage, exact: true });
}

/**
 * @param {Page} page
 * @param {string} stage
 * @param {string} name
 * @returns {Locator}
 */
export function card(page, stage, name) {
  // A card whose move has not been confirmed yet is there ahead of the answer; it counts once it stays.
  return column(page, stage).locator("li:not([aria-busy=true])").getByRole("link", { name, exact: true });
}

/**
 * Makes a narrow column wide, where it is not.
 * @param {Page} page
 * @param {string} stage
 */
export async function widen(page, stage) {
  await column(page, stage).waitFor();
  const opener = column(page, stage).getByRole("button", { name: `Show ${stage}` });
  if (await opener.isVisible()) await opener.click();
  await column(page, stage).getByRole("heading", { name: stage }).waitFor();
}

/**
 * Drags a card with the mouse, slowly enough for a hand. A column beyond the edge is reached by holding the card there until the board has
 * scrolled.
 * @param {Page} page
 * @param {string} name
 * @param {string} from
 * @param {string} to
 */
export async function dragCard(page, name, from, to) {
  const source = card(page, from, name);
  await source.scrollIntoViewIfNeeded();
  const begin = await middle(source);
  await page.mouse.move(begin.x, begin.y);
  await page.mouse.down();
  await page.mouse.move(begin.x + 8, begin.y + 4, { steps: 4 });

  const board = await page.getByRole("main").boundingBox();
  const inView = (/** @type {{x: number}} */ point) => board !== null && point.x > board.x + 8 && point.x < board.x + board.width - 8;
  let end = await middle(column(page, to));
  for (let patience = 0; board && !inView(end) && patience < 50; patience += 1) {
    const edge = end.x > begin.x ? board.x + board.width - 14 : board.x + 14;
    await page.mouse.move(edge + (patience % 2), begin.y, { steps: 3 });
    await page.waitForTimeout(60);
    end = await middle(column(page, to));
  }
  // The board may still be scrolling under the hand: follow the column until both rest.
  for (let at; at !== end.x; ) {
    at = end.x;
    await page.mouse.move(end.x, end.y, { steps: 12 });
    await page.waitForTimeout(120);
    end = await middle(column(page, to));
  }
  await page.mouse.up();
}

/** @param {Locator} element */
async function middle(element) {
  const box = await element.boundingBox();
  assert.ok(box, `${element} is not on screen`);
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 120) };
}

/**
 * The stages of the board's process by type, in their order, with their English labels.
 * @param {import("./api.mjs").Session} api
 * @returns {Promise<{running: {key: string, label: string}[], won: {key: string, label: string}, lost: {key: string, label: string}}>}
 */
export async function stagesOf(api) {
  const board = await api.read("/records/opportunity/board?limit=1");
  const stages = board.columns.map((/** @type {any} */ one) => ({ key: one.stage, label: one.label.en, type: one.type }));
  const of = (/** @type {string} */ type) => stages.filter((/** @type {any} */ one) => one.type === type);
  return { running: of("in_progress"), won: of("won")[0], lost: of("lost")[0] };
}
