import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { openEveryFigure } from "../harness/figures.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/** @typedef {import("playwright-core").Page} Page */

const day = (/** @type {number} */ back) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);

story("Mona sees a past day beside today, and every number of both opens its deals", async (scene) => {
  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go("/analysis");
  await page.getByRole("list", { name: "Analysis" }).getByRole("link", { name: /^Then and now/ }).click();
  await page.getByLabel("As of the end of", { exact: true }).locator("input").or(page.locator("input[type=date]")).first().fill(day(1));
  const table = page.getByRole("table", { name: /^Open deals at the end of/ });
  await table.waitFor();
  assert.match(page.url(), new RegExp(`day=.*${day(1)}`));
  assert.ok((await openEveryFigure(page, table.locator("tfoot"))) >= 3);
  assert.ok((await openEveryFigure(page, table.locator("tbody tr").first())) >= 3);
  assert.deepEqual(await accessibilityFindings(page, "a past day"), []);
});

story("What became of the pipeline between two days adds up, and every number opens its deals: salesperson, manager, administrator", async (scene) => {
  for (const person of [people.kim, people.mona, people.ada]) {
    const window = await scene.windowOf(person);
    const { page } = window;
    // A deal of one's own, so that something has happened since yesterday.
    const api = await scene.api(person);
    await api.create("/records/opportunity", { fields: { name: "Come in today", amount: { amount: "12345.67", currency: "USD" } } });
    await window.go(`/analysis/past?tab=waterfall&from="${day(1)}"&to="${day(0)}"`);
    const table = page.getByRole("table", { name: /^Open deals from/ });
    await table.waitFor();
    await openEveryFigure(page, table);
    const asked = await api.read(`/analysis/waterfall?from=${day(1)}&to=${day(0)}`);
    const cents = (/** @type {string} */ amount) => Math.round(Number(amount) * 100);
    const sum = asked.parts.reduce((/** @type {number} */ total, /** @type {any} */ part) => total + cents(part.amount), cents(asked.opening.amount));
    assert.equal(sum, cents(asked.closing.amount));
    const shown = await table.locator("[data-part=closing] [data-figure=amount]").innerText();
    assert.equal(Number(shown.replaceAll(/[^\d.]/g, "")), Number(asked.closing.amount), "as drawn");
  }
});

story("On a phone, the waterfall is read line by line", async (scene) => {
  const mona = await scene.windowOf(people.mona, { viewport: phone, colorScheme: "dark" });
  const { page } = mona;
  await mona.go("/analysis/past?tab=waterfall");
  await page.getByRole("table", { name: /^Open deals from/ }).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "nothing runs out of the screen");
  assert.deepEqual(await accessibilityFindings(page, "the waterfall on a phone"), []);
});
