// Products, prices and lines, as a program plants them and as a person fills them in.
import assert from "node:assert/strict";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("./api.mjs").Session} Session
 */

/**
 * Products with a price book in a currency that costs what `rate` says of the main one.
 * @param {Session} ada
 * @param {string} named what all of it is called after, so that no other story meets it
 * @param {{currency: string, rate: string, products: {name: string, code: string, unit: string, price: string}[]}} wanted
 */
export async function plantPrices(ada, named, { currency, rate, products }) {
  const day = new Date().toISOString().slice(0, 10);
  await ada.create("/currency-rates", { currency, day, rate });
  const { record: book } = await ada.create("/records/price_book", { fields: { name: `${named} ${currency}`, currency, active: true } });
  const made = [];
  for (const { price, ...product } of products) {
    const { record } = await ada.create("/records/product", { fields: { ...product, active: true } });
    await ada.create("/records/price_book_entry", { fields: { price_book: book.id, name: product.name, product: record.id, price: { amount: price, currency } } });
    made.push(record);
  }
  return { book: book.id, products: made };
}

/**
 * The grid of lines on the screen.
 * @param {Page} page
 */
export function linesOn(page) {
  const grid = page.getByRole("table", { name: /lines$/i });
  /** @param {string} column @param {number} row */
  const cell = (column, row) => grid.getByRole("textbox", { name: `${column}, row ${row}`, exact: true });
  return {
    grid,
    cell,
    /** @param {number} row @param {string} text what finds it @param {string} name */
    async choose(row, text, name) {
      const product = grid.getByRole("combobox", { name: `Product, row ${row}`, exact: true });
      await product.click();
      await product.fill(text);
      await page.getByRole("option", { name }).click();
      assert.equal(await product.inputValue(), name);
    },
    async save() {
      const answer = page.waitForResponse((one) => one.request().method() === "PUT" && one.url().endsWith("/lines"));
      await page.getByRole("button", { name: "Save lines" }).click();
      assert.equal((await answer).status(), 200);
      await page.getByText("Lines saved").first().waitFor();
    },
  };
}

/**
 * What the totals below the lines say: each name with its figure.
 * @param {Page} page
 * @returns {Promise<Record<string, string>>}
 */
export async function totalsOn(page) {
  const list = page.locator("dl[aria-label=Totals]");
  await list.waitFor();
  return list.evaluate((found) => Object.fromEntries([...found.querySelectorAll(":scope > div")].map((row) => [(row.querySelector("dt")?.innerText ?? "").replace(/\s+/g, " ").trim(), row.querySelector("dd")?.textContent ?? ""])));
}

/**
 * Waits until a total says something.
 * @param {Page} page @param {string} name @param {string} figure
 */
export async function totalIs(page, name, figure) {
  await page.locator("dl[aria-label=Totals] div", { has: page.getByText(name, { exact: true }) }).getByText(figure, { exact: true }).waitFor();
}

/** @param {any} value an amount as the API tells it */
export const money = (value) => (value ? `${value.amount} ${value.currency}` : null);
