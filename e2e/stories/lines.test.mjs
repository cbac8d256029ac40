import assert from "node:assert/strict";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { linesOn, money, plantPrices, totalIs } from "../harness/money.mjs";
import { onTop } from "../harness/objects.mjs";
import { people } from "../harness/people.mjs";
import { story } from "../harness/story.mjs";

const where = (/** @type {unknown} */ condition) => encodeURIComponent(JSON.stringify(condition));

story("Kim fills in lines by keyboard and from a spreadsheet, undoes, meets another's save, and loses nothing", async (scene) => {
  const ada = await scene.api(people.ada);
  const api = await scene.api(people.kim);
  await plantPrices(ada, "Harbour", {
    currency: "EUR",
    rate: "1.25",
    products: [
      { name: "Harbour crane", code: "HC-1", unit: "pcs", price: "12000" },
      { name: "Harbour winch", code: "HW-7", unit: "pcs", price: "1450.50" },
    ],
  });
  const { record: deal } = await api.create("/records/opportunity", { fields: { name: "Harbour in the north", amount: { amount: "1", currency: "EUR" } } });
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await kim.go(`/o/opportunity/${deal.id}#lines`);
  const { grid, cell, save } = linesOn(page);

  // By keyboard alone: Tab takes the product that is marked, Enter goes down and adds a row.
  await grid.getByRole("combobox", { name: "Product, row 1" }).focus();
  await page.keyboard.type("HC-1");
  await page.getByRole("option", { name: "Harbour crane" }).waitFor();
  await page.keyboard.press("Enter");
  await cell("Price", 1).fill("12000");
  await page.keyboard.press("Enter");
  await cell("Line", 2).fill("Assembly");
  await cell("Price", 2).fill("99.99");
  await cell("Quantity", 2).fill("x");
  await grid.getByText("“x” cannot be read here.").waitFor();
  assert.ok(await page.getByRole("button", { name: "Save lines" }).isDisabled());
  await page.keyboard.press("Escape");
  await totalIs(page, "Total of lines", "€12,099.99");
  // Up, and back by undoing.
  await cell("Line", 2).focus();
  await page.keyboard.press("Alt+ArrowUp");
  assert.equal(await cell("Line", 1).inputValue(), "Assembly");
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await cell("Line", 1).inputValue(), "Harbour crane");

  // From a spreadsheet: headings in another order, numbers with a comma; what is not understood is shown beforehand.
  await page.getByRole("button", { name: "Add row" }).click();
  const table = "Price\tProduct\tQuantity\n1.450,50\tHW-7\t2\n10,25\tNo such thing\t4\n7\tHarbour crane\tmany";
  await page.evaluate((text) => navigator.clipboard.writeText(text), table);
  await page.keyboard.press("ControlOrMeta+v");
  await onTop(page).getByText(/2 cells were not understood/).waitFor();
  assert.ok(await onTop(page).getByRole("radio", { name: "1.234,50" }).isChecked());
  assert.deepEqual(await accessibilityFindings(page, "pasting rows"), []);
  await onTop(page).getByRole("button", { name: "Paste 3 rows" }).click();
  await grid.getByText("“No such thing” was not found.").waitFor();
  await grid.getByRole("combobox", { name: "Product, row 4" }).fill("");
  await grid.getByRole("combobox", { name: "Product, row 4" }).press("Tab");
  await cell("Line", 4).fill("Something else");
  await cell("Quantity", 5).fill("1");
  // 12,000 + 99.99 + 2 × 1,450.50 + 4 × 10.25 + 7
  await totalIs(page, "Total of lines", "€15,048.99");
  assert.deepEqual(await accessibilityFindings(page, "a grid of lines"), []);
  await save();
  const read = async () => (await api.read(`/records/opportunity_line?fields=name,quantity,amount,position&sort=position&filter=${where({ field: "opportunity", op: "eq", value: deal.id })}`)).items;
  assert.deepEqual((await read()).map((/** @type {any} */ line) => [line.fields.name, money(line.fields.amount)]), [["Harbour crane", "12000.00 EUR"], ["Assembly", "99.99 EUR"], ["Harbour winch", "2901.00 EUR"], ["Something else", "41.00 EUR"], ["Harbour crane", "7.00 EUR"]]);

  // What the server finds stands at its cell, and nothing was saved.
  kim.expectRefusal(422, /\/lines$/);
  await cell("Quantity", 1).fill("3");
  await cell("Line", 2).fill("");
  await page.getByRole("button", { name: "Save lines" }).click();
  await page.getByText(/Nothing was saved: 1 row/).waitFor();
  assert.equal(await cell("Line", 2).getAttribute("aria-invalid"), "true");
  assert.equal((await read())[0].fields.quantity, "1");
  await cell("Line", 2).fill("Assembly on site");

  // Meanwhile another has saved: hers stays on top, his comes in, and the cell both have changed says so.
  kim.expectRefusal(409, /\/lines$/);
  const [crane, , winch] = await read();
  const other = await api.call("PUT", `/records/opportunity/${deal.id}/lines`, { rows: [{ id: crane.id, fields: { quantity: "5" } }, { id: winch.id, fields: { quantity: "9" } }], removed: [] });
  assert.equal(other.status, 200);
  // The news may be quicker than her hand.
  const bringIn = page.getByRole("button", { name: "Bring in their changes" });
  await page.getByRole("button", { name: "Save lines" }).or(bringIn).first().waitFor();
  if (await bringIn.isVisible()) await bringIn.click();
  else await page.getByRole("button", { name: "Save lines" }).click();
  await page.getByText(/Somebody else has saved these lines meanwhile/).waitFor();
  await grid.getByText("Somebody else has put: 5").waitFor();
  assert.deepEqual([await cell("Quantity", 1).inputValue(), await cell("Quantity", 3).inputValue(), await cell("Line", 2).inputValue()], ["3", "9", "Assembly on site"]);
  await save();
  assert.deepEqual((await read()).slice(0, 3).map((/** @type {any} */ line) => [line.fields.name, line.fields.quantity]), [["Harbour crane", "3"], ["Assembly on site", "1"], ["Harbour winch", "9"]]);

  // Leaving with something unsaved is asked about; another tab of the same record is no leaving.
  await cell("Quantity", 1).fill("8");
  await page.getByRole("tab", { name: "Details" }).click();
  await page.getByRole("tab", { name: /^Lines/ }).click();
  assert.equal(await cell("Quantity", 1).inputValue(), "8");
  await page.getByRole("navigation").getByRole("link", { name: "Accounts" }).first().click();
  await onTop(page).getByRole("button", { name: /stay/i }).click();
  await page.getByRole("button", { name: "Discard changes" }).click();
  assert.equal(await cell("Quantity", 1).inputValue(), "3");

  // On a phone rows are cards, and each opens by itself.
  const small = await scene.windowOf(people.kim, { viewport: phone });
  await small.go(`/o/opportunity/${deal.id}#lines`);
  await small.page.getByRole("list", { name: /lines$/i }).getByRole("button", { name: /Assembly on site/ }).click();
  const sheet = onTop(small.page);
  await sheet.getByRole("textbox", { name: /^Quantity/ }).fill("2");
  await sheet.getByRole("button", { name: "Done" }).click();
  await small.page.getByText("€199.98").first().waitFor();
  assert.deepEqual(await accessibilityFindings(small.page, "lines on a phone"), []);
  await small.page.getByRole("button", { name: "Save lines" }).click();
  await small.page.getByText("Lines saved").first().waitFor();
  assert.equal((await read())[1].fields.quantity, "2");
});

story("With 500 lines on one quote every edit is on screen at once", async (scene) => {
  const api = await scene.api(people.kim);
  const { record: deal } = await api.create("/records/opportunity", { fields: { name: "Five hundred lines" } });
  const { record: quote } = await api.create(`/records/opportunity/${deal.id}/quotes`, { currency: "USD", with_lines: false });
  const rows = Array.from({ length: 500 }, (_, at) => ({ fields: { name: `Part ${at + 1}`, quantity: "2", price: { amount: "10.01", currency: "USD" }, discount: "5" } }));
  assert.equal((await api.call("PUT", `/records/quote/${quote.id}/lines`, { rows, removed: [] })).status, 200);

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/o/quote/${quote.id}`);
  const { grid, save } = linesOn(page);
  // 500 × (20.02 × 0.95 = 19.019 → 19.02)
  await totalIs(page, "Total", "$9,510.00");
  assert.equal(await grid.getAttribute("aria-rowcount"), "501");
  assert.ok((await grid.getByRole("row").count()) < 80, "rows out of sight are not drawn");

  const took = [];
  for (const row of [1, 3, 7, 250, 252, 255, 490, 496, 499, 500]) {
    await grid.evaluate((table, to) => {
      const scroller = /** @type {HTMLElement} */ (table.parentElement);
      scroller.scrollTop = (to / 500) * scroller.scrollHeight - 200;
    }, row);
    const cell = grid.getByRole("textbox", { name: `Quantity, row ${row}`, exact: true });
    await cell.waitFor();
    await cell.focus();
    took.push(
      await cell.evaluate(async (input) => {
        const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
        const begun = performance.now();
        set?.call(input, "3");
        input.dispatchEvent(new Event("input", { bubbles: true }));
        // The next frame has been painted when the task after it runs.
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
        return performance.now() - begun;
      }),
    );
  }
  took.sort((a, b) => a - b);
  const median = took[Math.floor(took.length / 2)] ?? Infinity;
  console.log(`500 lines: an edit is on screen after ${median.toFixed(0)} ms (slowest of ${took.length}: ${(took.at(-1) ?? 0).toFixed(0)} ms)`);
  assert.ok(median < 100, `an edit takes ${median} ms`);
  // Ten lines have one more: 3 × 10.01 × 0.95 = 28.5285 → 28.53, which is 9.51 more each.
  await totalIs(page, "Total", "$9,605.10");
  await save();
  const saved = (await api.read(`/records/quote/${quote.id}`)).fields;
  assert.equal(money(saved.lines_total), "9605.10 USD");
});
