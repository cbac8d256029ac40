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
  return column(page, stage).getByRole("link", { name, exact: true });
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
 * Drags a card with the mouse, slowly enough for a hand.
 * @param {Page} page
 * @param {string} name
 * @param {string} from
 * @param {string} to
 */
export async function dragCard(page, name, from, to) {
  const source = card(page, from, name);
  await source.scrollIntoViewIfNeeded();
  const target = column(page, to);
  await target.scrollIntoViewIfNeeded();
  const begin = middle(await source.boundingBox(), name);
  const end = middle(await target.boundingBox(), to);
  await page.mouse.move(begin.x, begin.y);
  await page.mouse.down();
  await page.mouse.move(begin.x + 8, begin.y + 4, { steps: 4 });
  await page.mouse.move(end.x, end.y, { steps: 20 });
  await page.mouse.move(end.x + 2, end.y + 2);
  await page.mouse.up();
}

/**
 * @param {{x: number, y: number, width: number, height: number} | null} box
 * @param {string} what
 */
function middle(box, what) {
  assert.ok(box, `${what} is not on screen`);
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
