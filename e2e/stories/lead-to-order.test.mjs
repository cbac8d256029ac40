import assert from "node:assert/strict";
import { stagesOf } from "../harness/board.mjs";
import { onTop } from "../harness/objects.mjs";
import { linesOn, money, plantPrices, totalIs, totalsOn } from "../harness/money.mjs";
import { people } from "../harness/people.mjs";
import { answerMoveDialog } from "../harness/records.mjs";
import { story } from "../harness/story.mjs";

// Worked out by hand; the organisation reckons in USD, the customer pays in EUR, one EUR is 1.25 USD.
//   7 pumps   × 900.00 − 12.5 % = 5,512.50
//  33 valves  ×  49.99 −  5   % = 1,567.1865 → 1,567.19
//  lines                          7,079.69      at list prices 6,300.00 + 1,649.67 = 7,949.67
//  − 4 % on the whole             7,079.69 × 0.96 = 6,796.5024 → 6,796.50   (283.19 off)
//  + 25 % tax                     1,699.125 → 1,699.13
//  total                          8,495.63      1 − 6,796.50 / 7,949.67 = 14.5058… % off list
const LINES = "7079.69 EUR";
const SUBTOTAL = "6796.50 EUR";
const TOTAL = "8495.63 EUR";
// All that was ordered is in euros, and so is its sum.
const ORDERED = TOTAL;
// What the house reckons in. The deal's amount is one amount: 6,796.50 × 1.25 = 8,495.625 → 8,495.63.
// The order's figures come from its lines, each converted for itself and then added up:
//   5,512.50 × 1.25 = 6,890.625  → 6,890.63
//   1,567.19 × 1.25 = 1,958.9875 → 1,958.99     together 8,849.62
//   × 0.96 = 8,495.6352 → 8,495.64;  25 % of it = 2,123.91;  in all 10,619.55
const WON_MAIN = "8495.63";
const ORDERED_MAIN = "10619.55";

story("Kim turns a lead into an order in euros while the house reckons in dollars: every figure on every record is right", async (scene) => {
  const ada = await scene.api(people.ada);
  const kimApi = await scene.api(people.kim);
  const monaId = (await scene.api(people.mona)).me.person.id;
  const organisation = await ada.read("/organisation");
  assert.equal(organisation.main_currency, "USD");
  await ada.call("PATCH", "/organisation", { deal_amount: "lines" });
  const { book } = await plantPrices(ada, "Fjord", {
    currency: "EUR",
    rate: "1.25",
    products: [
      { name: "Fjord pump", code: "FP-9", unit: "pcs", price: "900" },
      { name: "Fjord valve", code: "FV-2", unit: "pcs", price: "49.99" },
    ],
  });
  const flow = await ada.create("/approval-flows", {
    api_name: "story_quote_discount",
    name: "Discounts of fjords",
    object: "quote",
    trigger: "edit",
    active: true,
    condition: { all: [{ field: "name", op: "contains", value: "Fjord" }, { field: "quote_status", op: "changed_to", value: "sent" }, { field: "total_discount", op: "gt", value: "10" }] },
    nodes: [
      { key: "start", does: { type: "start", next: "ask" } },
      { key: "ask", name: "Manager", does: { type: "approve", method: { type: "standard" }, who: [{ type: "person", id: monaId }], next: "approved" } },
      { key: "approved", does: { type: "approved" } },
    ],
  });

  // The lead becomes an account, a contact and a deal.
  const { record: lead } = await kimApi.create("/records/lead", { fields: { name: "Ingrid Solberg", company: "Fjordkraft Anlegg", email: "ingrid@fjordkraft.example" } });
  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  await kim.go(`/o/lead/${lead.id}`);
  await page.getByRole("button", { name: "Convert", exact: true }).click();
  await onTop(page).getByRole("region", { name: "Opportunity" }).getByRole("textbox", { name: /^Opportunity name/ }).fill("Fjord pumping station");
  await onTop(page).getByRole("button", { name: "Convert", exact: true }).click();
  await page.waitForURL("**/o/opportunity/*");
  await page.getByRole("heading", { name: "Fjord pumping station", level: 1 }).waitFor();
  const dealId = new URL(page.url()).pathname.split("/").at(-1);
  const deal = () => kimApi.read(`/records/opportunity/${dealId}`);
  const before = await deal();
  const account = before.fields.account;
  assert.equal((await kimApi.call("PATCH", `/records/opportunity/${dealId}`, { fields: { price_book: book } }, { "if-match": `"${before.version}"` })).status, 200);
  const accountBefore = await kimApi.read(`/records/account/${account}`);
  assert.notEqual(accountBefore.fields.status, "customer");

  // Lines: products by code, with the prices of the book; the totals are there while one types.
  await page.reload();
  await page.getByRole("tab", { name: "Lines" }).click();
  const lines = linesOn(page);
  await lines.choose(1, "FP-9", "Fjord pump");
  await page.waitForFunction(() => /900/.test(/** @type {HTMLInputElement | null} */ (document.querySelector('input[aria-label="Price, row 1"]'))?.value ?? ""));
  await lines.cell("Quantity", 1).fill("7");
  await lines.cell("Discount", 1).fill("12.5");
  await lines.cell("Discount", 1).press("Enter");
  await lines.choose(2, "FV-2", "Fjord valve");
  await page.waitForFunction(() => /49\.99/.test(/** @type {HTMLInputElement | null} */ (document.querySelector('input[aria-label="Price, row 2"]'))?.value ?? ""));
  await lines.cell("Quantity", 2).fill("33");
  await lines.cell("Discount", 2).fill("5");
  await totalIs(page, "Total of lines", "€7,079.69");
  await lines.save();
  assert.deepEqual([money((await deal()).fields.lines_total), money((await deal()).fields.amount)], [LINES, LINES]);
  await page.getByText("from lines").waitFor();

  // The quote has the lines; discount on the whole and tax belong to it alone.
  await page.getByRole("tab", { name: "Quotes and orders" }).click();
  await page.getByRole("button", { name: "New quote" }).click();
  await onTop(page).getByRole("button", { name: "Create quote" }).click();
  await page.waitForURL("**/o/quote/*");
  const quoteId = new URL(page.url()).pathname.split("/").at(-1);
  const quote = () => kimApi.read(`/records/quote/${quoteId}`);
  await totalIs(page, "Total", "€7,079.69");
  for (const [field, value] of [["Discount on the whole", "4"], ["Tax rate", "25"]]) {
    await page.getByRole("tabpanel", { name: "Lines" }).getByRole("button", { name: `Edit ${field}` }).click();
    await page.getByRole("textbox", { name: field }).fill(value ?? "");
    await page.getByRole("textbox", { name: field }).press("Enter");
    await page.getByRole("textbox", { name: field }).waitFor({ state: "hidden" });
  }
  await totalIs(page, "Total", "€8,495.63");
  assert.deepEqual(await totalsOn(page), {
    "Total of lines": "€7,079.69",
    "Discount on the whole 4%": "-€283.19",
    Subtotal: "€6,796.50",
    "Tax 25%": "€1,699.13",
    Total: "€8,495.63",
    "Discount from list prices": "14.51%",
  });
  const offered = (await quote()).fields;
  assert.deepEqual([offered.lines_total, offered.list_total, offered.subtotal, offered.tax, offered.total].map(money), [LINES, "7949.67 EUR", SUBTOTAL, "1699.13 EUR", TOTAL]);
  assert.equal(offered.total_discount, "14.51");

  // More than a tenth off: it waits for the manager, and is sent when she agrees.
  await page.getByRole("button", { name: "Mark as sent" }).click();
  await onTop(page).getByText(/needs an approval first/).waitFor();
  await onTop(page).getByRole("button", { name: "Submit for approval" }).click();
  await page.getByRole("list", { name: "Status" }).locator("[aria-current=step]", { hasText: "In review" }).waitFor();
  const mona = await scene.windowOf(people.mona);
  await mona.go(`/o/quote/${quoteId}`);
  await mona.page.getByRole("link", { name: "Decide" }).click();
  await mona.page.waitForURL("**/approvals/*");
  await mona.page.getByRole("button", { name: "Agree", exact: true }).click();
  await mona.page.getByText("You have agreed").waitFor();
  await page.getByRole("list", { name: "Status" }).locator("[aria-current=step]", { hasText: "Sent" }).waitFor();
  // What was sent stays as it is.
  await page.getByText(/no draft any more/).first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Save lines" }).count(), 0);

  // The paper.
  await page.getByRole("button", { name: "Print", exact: true }).click();
  const address = await page.getByRole("menuitem", { name: "PDF in English" }).getAttribute("href");
  await page.keyboard.press("Escape");
  const paper = await page.context().request.get(address ?? "");
  assert.equal(paper.status(), 200);
  assert.match(paper.headers()["content-type"] ?? "", /^application\/pdf/);
  const bytes = await paper.body();
  assert.ok(bytes.length > 2_000 && bytes.subarray(0, 5).toString() === "%PDF-", `${bytes.length} bytes`);

  // Accepted: the deal is what was offered; the discount on the whole is a line there.
  await page.getByRole("button", { name: "Accept", exact: true }).click();
  await onTop(page).getByText(/Its amount becomes €6,796.50 \(now €7,079.69\)/).waitFor();
  await onTop(page).getByRole("button", { name: "Accept", exact: true }).click();
  await page.getByRole("list", { name: "Status" }).locator("[aria-current=step]", { hasText: "Accepted" }).waitFor();
  const agreed = (await deal()).fields;
  assert.deepEqual([agreed.accepted_quote, money(agreed.amount), money(agreed.lines_total)], [quoteId, SUBTOTAL, SUBTOTAL]);
  const where = encodeURIComponent(JSON.stringify({ field: "opportunity", op: "eq", value: dealId }));
  const { items: sold } = await kimApi.read(`/records/opportunity_line?filter=${where}&fields=quantity,price,discount,amount&sort=position`);
  assert.deepEqual(sold.map((/** @type {any} */ line) => money(line.fields.amount)), ["5512.50 EUR", "1567.19 EUR", "-283.19 EUR"]);

  // Won.
  await kim.go(`/o/opportunity/${dealId}`);
  kim.expectRefusal(422, /\/move$/);
  const path = page.getByRole("region", { name: "Stage path" });
  for (const { label } of (await stagesOf(kimApi)).running.slice(1)) {
    await page.getByRole("button", { name: `Move to ${label}` }).click();
    await answerMoveDialog(page, path.getByRole("button", { name: new RegExp(`^${label}.*Current stage`) }));
    await path.getByRole("button", { name: new RegExp(`^${label}.*Current stage`) }).waitFor();
  }
  await page.getByRole("button", { name: "Won", exact: true }).click();
  await answerMoveDialog(page, undefined);
  await page.getByRole("tab", { name: "Quotes and orders" }).click();
  assert.equal(money((await deal()).fields.amount), SUBTOTAL);

  // What it comes to in dollars, as sums of the list and of the account have it.
  const only = encodeURIComponent(JSON.stringify({ field: "id", op: "eq", value: dealId }));
  const sums = await kimApi.read(`/records/opportunity/groups?group=stage_type&sums=amount&filter=${only}`);
  assert.equal(sums.main_currency, "USD");
  assert.deepEqual(sums.items.filter((/** @type {any} */ one) => one.count > 0).map((/** @type {any} */ one) => [one.value, one.totals[0].main_amount, one.totals[0].by_currency]), [["won", WON_MAIN, [{ currency: "EUR", amount: "6796.50" }]]]);
  const group = async () => (await kimApi.read(`/records/account/${account}/hierarchy`)).nodes[0].total;
  assert.deepEqual([(await group()).won_amount.main_amount, (await group()).ordered_amount.main_amount], [WON_MAIN, "0.00"]);

  // Its order: a draft does not count, a confirmed one does.
  await page.getByRole("button", { name: "New order" }).click();
  await onTop(page).getByRole("button", { name: "Create order" }).click();
  await page.waitForURL("**/o/sales_order/*");
  const orderId = new URL(page.url()).pathname.split("/").at(-1);
  const order = () => kimApi.read(`/records/sales_order/${orderId}`);
  await totalIs(page, "Total", "€8,495.63");
  assert.deepEqual([money((await order()).fields.lines_total), money((await order()).fields.subtotal), money((await order()).fields.total)], [LINES, SUBTOTAL, TOTAL]);
  assert.ok(money((await deal()).fields.ordered_amount) !== ORDERED, "a draft counts nowhere");
  await page.getByRole("button", { name: "Confirm order" }).click();
  await onTop(page).getByRole("button", { name: "Confirm order" }).click();
  await page.getByRole("list", { name: "Status" }).locator("[aria-current=step]", { hasText: "Confirmed" }).waitFor();

  const won = (await deal()).fields;
  const customer = (await kimApi.read(`/records/account/${account}`)).fields;
  assert.deepEqual([won.stage_type, money(won.amount), money(won.ordered_amount)], ["won", SUBTOTAL, ORDERED]);
  assert.deepEqual([customer.status, money(customer.ordered_amount)], ["customer", ORDERED]);

  // In dollars on order and account; a later rate changes nothing of what is confirmed.
  assert.equal((await order()).fields.main_rate, "1.25");
  assert.deepEqual([(await group()).won_amount.main_amount, (await group()).ordered_amount.main_amount], [WON_MAIN, ORDERED_MAIN]);
  const today = new Date().toISOString().slice(0, 10);
  await ada.call("DELETE", `/currency-rates/EUR/${today}`);
  await ada.create("/currency-rates", { currency: "EUR", day: today, rate: "2" });
  const ordersOf = encodeURIComponent(JSON.stringify({ field: "id", op: "eq", value: orderId }));
  const ordered = await kimApi.read(`/records/sales_order/groups?group=order_status&sums=total&filter=${ordersOf}`);
  assert.deepEqual(ordered.items.filter((/** @type {any} */ one) => one.count > 0).map((/** @type {any} */ one) => [one.value, one.totals[0].main_amount]), [["confirmed", ORDERED_MAIN]]);
  await kim.go(`/o/account/${account}#hierarchy`);
  await page.getByRole("link", { name: "Fjordkraft Anlegg itself: Ordered" }).or(page.getByRole("link", { name: /with all below it: Ordered, \$10,619\.55$/ })).first().waitFor();

  // Ordered once, the next order is no more what one comes for.
  await kim.go(`/o/quote/${quoteId}`);
  await page.getByRole("button", { name: "Create order" }).and(page.locator("[data-variant=default]")).waitFor();

  const present = await ada.read(`/approval-flows/${flow.id}`);
  await ada.call("PUT", `/approval-flows/${flow.id}`, { ...present, active: false }, { "if-match": `"${present.version}"` });
});
