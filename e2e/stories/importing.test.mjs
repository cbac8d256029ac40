import assert from "node:assert/strict";
import { people } from "../harness/people.mjs";
import { accessibilityFindings, phone } from "../harness/browser.mjs";
import { check, checked, countOf, fileOf, run, send } from "../harness/imports.mjs";
import { story } from "../harness/story.mjs";

story("A misspelt product is named with a likely correction, taken with one press; nothing is written before", async (scene) => {
  const api = await scene.api(people.ada);
  const product = await twoWords(api);
  const misspelt = product.replace(" ", "");
  const file = ["Name,Product,Account", `Imported one,${product},`, `Imported two,${misspelt},`, `Imported three,${misspelt},Nobody's works`].join("\n");

  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/imports");
  await send(page, [fileOf("opportunities.csv", file)]);
  await check(page);
  const questions = page.getByRole("region", { name: "Did the file mean…?" });
  await questions.getByText(`${misspelt} is ${product}`).waitFor();
  await questions.getByText("(2 rows)").waitFor();
  assert.equal(await counted(api, "opportunity", "Imported"), 0);
  assert.deepEqual(await accessibilityFindings(page, "check"), []);

  // What is not known at all is left blank by word, which waits for the next check.
  await questions.getByRole("listitem").filter({ hasText: "Nobody's works" }).getByRole("button", { name: "Leave blank" }).click();
  await questions.getByRole("button", { name: "Accept", exact: true }).click();
  await page.getByText("No problems.").waitFor();
  await run(page);
  assert.equal(await countOf(page, "created"), "3");
  assert.equal(await counted(api, "opportunity", "Imported"), 3);
  assert.deepEqual(await accessibilityFindings(page, "result"), []);
  await page.getByRole("link", { name: "Imported two" }).click();
  await page.getByRole("heading", { name: "Imported two" }).waitFor();
});

story("A file of another country is read rightly, and its dates are asked about", async (scene) => {
  const rows = ["Name;Amount;Close date;Next step", "Überlandwerk;1.234,50;03/04/2027;Größe klären", "Öl & Söhne;999,90;05/06/2027;Anrufen"].join("\r\n");
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/imports");
  await send(page, [fileOf("opportunities de.csv", Buffer.from(rows, "latin1"))]);

  // Found: the encoding, the delimiter, the comma. Asked: which of the two days.
  await page.getByRole("combobox", { name: "Encoding" }).waitFor();
  assert.equal(await page.getByRole("combobox", { name: "Between cells" }).inputValue(), "Semicolon ;");
  const first = page.getByRole("region", { name: "First rows of opportunities de.csv" });
  await first.getByRole("cell", { name: "Überlandwerk" }).waitFor();
  await first.getByRole("cell", { name: "1,234.5", exact: true }).waitFor();
  const question = page.getByRole("region", { name: "Dates of Close date" });
  await question.getByRole("button", { name: "Mar 4, 2027" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "found"), []);
  await question.getByRole("button", { name: "Apr 3, 2027" }).click();
  await question.waitFor({ state: "hidden" });
  await first.getByRole("cell", { name: "Apr 3, 2027" }).waitFor();

  // Read wrongly for once, and put right again: the rows follow.
  await page.getByRole("combobox", { name: "Between cells" }).click();
  await page.getByRole("option", { name: "Comma ," }).click();
  await first.getByRole("columnheader", { name: /^Name;Amount/ }).waitFor();
  await page.getByRole("combobox", { name: "Between cells" }).click();
  await page.getByRole("option", { name: "Semicolon ;" }).click();
  await first.getByRole("columnheader", { name: /^Amount/ }).waitFor();
  await page.getByRole("region", { name: "Dates of Close date" }).getByRole("button", { name: "Apr 3, 2027" }).click();
  await first.getByRole("cell", { name: "Apr 3, 2027" }).waitFor();

  await check(page);
  await run(page);
  const api = await scene.api(people.ada);
  const { items } = await api.read("/records/opportunity?q=%C3%9Cberlandwerk&limit=1");
  assert.deepEqual([items[0].fields.amount.amount, items[0].fields.expected_close_date, items[0].fields.next_step], ["1234.50", "2027-04-03", "Größe klären"]);
});

story("A spreadsheet comes in again as it went out, and by a template the second time", async (scene) => {
  const api = await scene.api(people.ada);
  await api.create("/records/product", { fields: { name: "Crane one", list_price: { amount: "100", currency: "USD" } } });
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/imports");
  const book = await page.evaluate(async () => {
    const filter = JSON.stringify({ field: "name", op: "contains", value: "Crane one" });
    const answer = await fetch(`/api/v1/records/product/export?format=xlsx&fields=name,list_price,series&filter=${encodeURIComponent(filter)}`);
    return [...new Uint8Array(await answer.arrayBuffer())];
  });
  await send(page, [{ name: "products.xlsx", mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", buffer: Buffer.from(book) }]);
  await page.getByRole("region", { name: "First rows of products.xlsx" }).getByRole("cell", { name: "Crane one" }).waitFor();
  await check(page);
  await page.getByRole("button", { name: "Back" }).click();

  // What was chosen is still there, and is kept as a template.
  await page.getByRole("combobox", { name: "Rows", exact: true }).click();
  await page.getByRole("option", { name: "Change known ones only" }).click();
  await page.getByRole("button", { name: "Save as a template" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Price list");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  const { items } = await api.read("/imports/templates");
  const { headers, options } = items.find((/** @type {any} */ one) => one.name === "Price list");
  assert.equal(options.mode, "update");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();

  // A second file with the same columns is offered the template: one row is known, the other is skipped.
  const of = (/** @type {string} */ name, /** @type {string} */ price) => headers.map((/** @type {string} */ head) => (/price/i.test(head) && !/currency/i.test(head) ? price : /currency/i.test(head) ? "USD" : /name|^product$/i.test(head) ? name : "")).join(",");
  await send(page, [fileOf("products.csv", [headers.join(","), of("Crane one", "250"), of("Crane nobody knows", "1")].join("\n"))]);
  await page.getByText("Fits the template Price list").waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("button", { name: "Check", exact: true }).last().click();
  await checked(page);
  assert.deepEqual([await countOf(page, "to change"), await countOf(page, "to skip")], ["1", "1"]);
  await run(page);
  const after = await api.read(`/records/product?q=${encodeURIComponent("Crane one")}&limit=5`);
  assert.equal(Number(after.items[0].fields.list_price.amount), 250);
  assert.equal(await counted(api, "product", "nobody knows"), 0);
});

story("Rows that stayed out are put right and sent again; then all of it is taken back", async (scene) => {
  const api = await scene.api(people.ada);
  const before = await counted(api, "account", "Remote");
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/imports");
  await send(page, [fileOf("accounts.csv", ["Name,Employees", "Remote works,12", "Remote mills,many", ",30"].join("\n"))]);
  await check(page);
  assert.equal(await countOf(page, "would stay out"), "1");
  await page.getByRole("combobox", { name: "Any column" }).click();
  await page.getByRole("option", { name: /^Employees/ }).click();
  await page.getByRole("region", { name: "Problems" }).getByRole("cell", { name: "many" }).waitFor();
  await run(page, "It is done; some rows stayed out.");
  const firstRun = page.url();

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download these rows" }).click()]);
  const text = (await (await import("node:fs/promises")).readFile(await download.path())).toString();
  assert.match(text, /import_problem/);
  const corrected = text.replace("many", "44").replace(/^,30/m, "Remote smithy,30");
  const correct = page.getByRole("region", { name: "Correct and send again" });
  await correct.locator("input[type=file]").setInputFiles(/** @type {any} */ (fileOf("corrected.csv", corrected)));
  await page.getByRole("button", { name: "Check", exact: true }).last().click();
  await checked(page);
  await run(page);
  const { items } = await api.read("/records/account?q=Remote&sort=name&limit=10");
  assert.deepEqual(
    items.map((/** @type {any} */ one) => [one.fields.name, Number(one.fields.employees)]),
    [["Remote mills", 44], ["Remote smithy", 30], ["Remote works", 12]],
  );

  // Both are taken back; what the second had changed stays of the first.
  const takeBack = async () => {
    await page.getByText(/^It can be taken back for another (7d|6d 23h)/).waitFor();
    await page.getByRole("button", { name: "Take the import back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take the import back" }).click();
    await page.getByText("The import was taken back.").waitFor();
  };
  await takeBack();
  assert.equal(await counted(api, "account", "Remote"), 2);
  await page.goto(firstRun);
  await takeBack();
  await page.getByText(/1 stays: it was changed afterwards/).waitFor();
  assert.equal(await counted(api, "account", "Remote"), before + 1);
});

story("One leaves a long import and comes back; stopped, it goes on from there", async (scene) => {
  // Names as different as those of real companies: each of four syllables of its own.
  const syllables = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su", "ta", "ve", "wi", "xo", "zu"];
  const word = (/** @type {number} */ n) => [n, n * 7 + 3, n * 13 + 5, Math.floor(n / 20) * 3 + 1].map((at) => syllables[(at + Math.floor(n / 400)) % 20]).join("") + syllables[Math.floor(n / 20) % 20];
  const rows = Array.from({ length: 12_000 }, (_, index) => `Bulk ${word(index)}${index},${index % 900}`);
  const ada = await scene.windowOf(people.ada);
  const { page } = ada;
  await ada.go("/imports");
  await send(page, [fileOf("accounts.csv", ["Name,Employees", ...rows].join("\n"))]);

  // What was begun is found again after one has been elsewhere.
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("combobox", { name: "Field for Employees" }).waitFor();
  await ada.go("/o/account");
  await ada.go("/imports");
  await page.getByRole("region", { name: "An import that you began" }).getByRole("button", { name: "Go on" }).click();
  await page.getByRole("button", { name: "Check", exact: true }).last().click();
  await checked(page);
  await page.getByRole("button", { name: /^Import 12,000 rows$/ }).click();
  await page.getByRole("progressbar", { name: "The rows come in" }).waitFor();
  const running = page.url();
  await ada.go("/imports");
  await page.getByRole("row", { name: /accounts\.csv/ }).first().getByRole("progressbar").waitFor();
  await page.goto(running);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
  await page.getByText("It was stopped. What came in before stays.").waitFor();
  await page.getByRole("button", { name: "Go on from where it stopped" }).click();
  await page.getByText("Everything came in.").waitFor({ timeout: 120_000 });
  const api = await scene.api(people.ada);
  assert.equal(await counted(api, "account", "Bulk"), 12_000);
});

story("Cells are pasted and imported by the keyboard alone, on a phone, in Chinese, in the dark", async (scene) => {
  const ada = await scene.windowOf(people.ada, { viewport: phone, colorScheme: "dark" });
  const { page } = ada;
  await page.evaluate(() => localStorage.setItem("mantine-color-scheme-value", "dark"));
  const csrf = await page.evaluate(async () => (await (await fetch("/api/v1/me")).json()).csrf_token);
  await page.evaluate((token) => fetch("/api/v1/me", { method: "PATCH", headers: { "content-type": "application/json", "x-csrf-token": token }, body: JSON.stringify({ language: "zh-CN" }) }), csrf);
  await ada.go("/imports");
  await page.getByRole("button", { name: "粘贴单元格" }).focus();
  await page.keyboard.press("Enter");
  const cells = page.getByRole("dialog").getByRole("textbox");
  await cells.waitFor();
  await page.keyboard.insertText("名称\t员工数\n粘贴的客户\t17");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "继续" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "found on a phone"), []);
  const press = async (/** @type {string | RegExp} */ name) => {
    await page.getByRole("button", { name }).last().focus();
    await page.keyboard.press("Enter");
  };
  await press("继续");
  const object = page.getByRole("combobox", { name: "导入的对象" });
  await object.waitFor();
  if ((await object.inputValue()) !== "客户") {
    await object.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("客户");
    await page.getByRole("option", { name: "客户", exact: true }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  }
  await page.getByRole("combobox", { name: "员工数对应的字段" }).waitFor();
  assert.deepEqual(await accessibilityFindings(page, "mapping on a phone"), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing stands out of the screen");
  await press("检查");
  await page.getByText("尚未写入任何数据。").waitFor();
  assert.deepEqual(await accessibilityFindings(page, "check on a phone"), []);
  await press(/^导入 1 行$/);
  await page.getByText("全部导入完成。").waitFor();
  await page.evaluate((token) => fetch("/api/v1/me", { method: "PATCH", headers: { "content-type": "application/json", "x-csrf-token": token }, body: JSON.stringify({ language: "en" }) }), csrf);
});

/**
 * A product whose name has two words and needs no quotes.
 * @param {import("../harness/api.mjs").Session} api
 */
async function twoWords(api) {
  const { items } = await api.read("/records/product?limit=200");
  const product = items.map((/** @type {any} */ one) => String(one.fields.name)).find((/** @type {string} */ name) => /^\S+ \S+$/.test(name) && !name.includes(","));
  assert.ok(product, "a product whose name has two words");
  return product;
}

/**
 * How many records are found by words.
 * @param {import("../harness/api.mjs").Session} api
 * @param {string} object
 * @param {string} words
 * @returns {Promise<number>}
 */
async function counted(api, object, words) {
  const { count } = await api.read(`/records/${object}?q=${encodeURIComponent(words)}&count=exact&limit=1`);
  return count;
}
