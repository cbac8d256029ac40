import assert from "node:assert/strict";
import { stagesOf } from "../harness/board.mjs";
import { money, plantPrices } from "../harness/money.mjs";
import { people } from "../harness/people.mjs";
import { answerMoveDialog } from "../harness/records.mjs";
import { story } from "../harness/story.mjs";

story("Won asks for the order: it is filled in with the move, begins with the deal's lines, and without it nothing is won", async (scene) => {
  const ada = await scene.api(people.ada);
  const api = await scene.api(people.kim);
  await ada.call("PATCH", "/organisation", { deal_amount: "lines" });
  // Entering Won requires an order.
  const { running, won } = await stagesOf(api);
  const { items } = await ada.read("/processes");
  const { record: account } = await api.create("/records/account", { fields: { name: "Weir Works" } });
  const { record: deal } = await api.create("/records/opportunity", { fields: { name: "Weir gates", account: account.id } });
  const process = items.find((/** @type {any} */ one) => one.id === deal.fields.sales_process);
  const stages = process.stages.map((/** @type {any} */ stage) => (stage.stage === won.key ? { ...stage, creates: [{ object: "sales_order", link: "opportunity", fields: ["order_date", "customer_reference"], fill: [] }] } : stage));
  const saved = await ada.call("PUT", `/processes/${process.id}`, { ...process, stages }, { "if-match": `"${process.version}"` });
  assert.equal(saved.status, 200, JSON.stringify(saved.body));
  const { products } = await plantPrices(ada, "Weir", { currency: "CHF", rate: "1.1", products: [{ name: "Weir gate", code: "WG-1", unit: "pcs", price: "750" }] });
  await api.create("/records/opportunity_line", { fields: { opportunity: deal.id, name: "Gate", product: products[0].id, quantity: "4", price: { amount: "750", currency: "USD" } } });
  for (const { key } of running.slice(1)) {
    const moved = await api.call("POST", `/records/opportunity/${deal.id}/move`, { stage: key, reason: "so it came", fields: { expected_close_date: "2030-06-30" } });
    assert.equal(moved.status, 200, JSON.stringify(moved.body));
  }

  const kim = await scene.windowOf(people.kim);
  const { page } = kim;
  kim.expectRefusal(422, /\/move$/);
  await kim.go(`/o/opportunity/${deal.id}`);
  await page.getByRole("button", { name: won.label, exact: true }).click();
  const form = page.getByRole("dialog").getByRole("region", { name: /order/i });
  await form.waitFor();
  // The amount follows the lines: there is nothing to type.
  assert.equal(await page.getByRole("dialog").getByRole("textbox", { name: /^Opportunity amount/ }).count(), 0);
  // What is known of the deal stands there already.
  assert.equal(await form.getByRole("textbox", { name: /^Subject|^Order|^Name/ }).first().inputValue(), "Weir gates");
  await form.getByRole("textbox", { name: "Customer's order number" }).fill("PO 4711");
  await answerMoveDialog(page, undefined);
  await page.getByRole("region", { name: "Stage path" }).getByRole("button", { name: new RegExp(`^${won.label}.*Current stage`) }).waitFor();

  await page.getByRole("tab", { name: "Quotes and orders" }).click();
  await page.getByRole("region", { name: "Orders" }).getByText("$3,000.00").waitFor();
  const filter = encodeURIComponent(JSON.stringify({ field: "opportunity", op: "eq", value: deal.id }));
  const { items: orders } = await api.read(`/records/sales_order?filter=${filter}&fields=total,account,customer_reference,order_status`);
  assert.deepEqual(
    orders.map((/** @type {any} */ { fields }) => [money(fields.total), fields.account, fields.customer_reference, fields.order_status]),
    [["3000.00 USD", account.id, "PO 4711", "draft"]],
  );
  assert.equal((await api.read(`/records/opportunity/${deal.id}`)).fields.stage_type, "won");
});
