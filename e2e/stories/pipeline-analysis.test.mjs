import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { openEveryFigure } from "../harness/figures.mjs";
import { listNamed } from "../harness/records.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

/** @param {import("playwright-core").Page} page */
const table = (page) => page.getByRole("table", { name: /^Open deals by/ });

story("Every number of the pipeline opens as many deals, worth as much, for a salesperson, a manager and an administrator", async (scene) => {
  /** @type {string[]} */
  const totals = [];
  for (const person of [people.kim, people.mona, people.ada]) {
    const window = await scene.windowOf(person);
    const { page } = window;
    await window.go("/analysis");
    await page.getByRole("list", { name: "Analysis" }).getByRole("link", { name: /^Pipeline/ }).click();
    await table(page).waitFor();
    const opened = await openEveryFigure(page, table(page));
    // Five lines of four figures, and what is won.
    assert.ok(opened >= 22, `${opened} figures`);
    totals.push(await table(page).locator("[data-row=total] [data-figure=count]").innerText());
  }
  const [own, team, all] = totals.map(Number);
  assert.ok(own && team && all && own < team && team < all, `a manager sees more than one of his people, an administrator all: ${totals}`);
});

story("Mona looks at the pipeline from every side: whose, what, where from; the address keeps it, and it is saved as a file", async (scene) => {
  const mona = await scene.windowOf(people.mona);
  const { page } = mona;
  await mona.go("/analysis/pipeline");
  await table(page).waitFor();
  const count = () => table(page).locator("[data-row=total] [data-figure=count]").innerText();
  const whole = await count();
  const by = page.getByRole("combobox", { name: "Divided by" });
  for (const side of ["owner", "department", "product", "source", "forecast category"]) {
    await by.click();
    await page.getByRole("option", { name: `By ${side}`, exact: true }).click();
    await page.getByRole("table", { name: `Open deals by ${side}` }).waitFor();
    assert.equal(await count(), whole, side);
    await openEveryFigure(page, table(page).locator("tbody tr").first());
  }
  assert.match(page.url(), /by=forecast_category/);

  await by.click();
  await page.getByRole("option", { name: "By owner", exact: true }).click();
  const kim = (await scene.api(people.kim)).me.person.name;
  const row = table(page).getByRole("row").filter({ has: page.getByRole("rowheader", { name: kim, exact: true }) });
  const hers = await row.locator("[data-figure=count]").innerText();
  await listNamed(page, /^Owner/).fill(kim);
  await page.getByRole("option", { name: kim, exact: true }).click();
  await page.waitForFunction((wanted) => document.querySelector("[data-row=total] [data-figure=count]")?.textContent === wanted, hers);
  await page.reload();
  await table(page).waitFor();
  assert.equal(await count(), hers, "the address says whose");

  await page.getByRole("button", { name: /^Save .* as a file$/ }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: /PNG/ }).click()]);
  assert.match(file.suggestedFilename(), /^Open deals by owner.*\.png$/);
  assert.equal((await readFile(await file.path())).subarray(1, 4).toString(), "PNG");
  assert.deepEqual(await accessibilityFindings(page, "the pipeline"), []);
});

story("On a phone and in the dark the pipeline is read line by line", async (scene) => {
  const mona = await scene.windowOf(people.mona, { viewport: phone, colorScheme: "dark" });
  const { page } = mona;
  await mona.go("/analysis/pipeline");
  await table(page).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "nothing runs out of the screen");
  assert.deepEqual(await accessibilityFindings(page, "the pipeline on a phone"), []);
  assert.ok((await openEveryFigure(page, table(page).locator("tbody tr").first())) >= 4);
});
