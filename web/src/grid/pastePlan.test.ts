import { describe, expect, it } from "vitest";
import type { Field } from "~/api/types";
import type { Column } from "./columns";
import { tableOf } from "./paste";
import { layoutOf, notUnderstood, readTable } from "./pastePlan";

const column = (key: string, type: Field["type"], en: string, zh: string, more: Partial<Column> = {}): Column => ({ field: { key, type, label: { en, "zh-CN": zh }, object: type === "reference" ? "product" : undefined } as Field, width: 100, ...more });
const columns = [
  column("product", "reference", "Product", "产品"),
  column("name", "text", "Line", "明细名称"),
  column("quantity", "number", "Quantity", "数量"),
  column("unit", "text", "Unit", "单位"),
  column("price", "currency", "Price", "单价"),
  column("discount", "percent", "Discount", "折扣"),
  column("amount", "currency", "Amount", "小计", { shows: () => null }),
];
const keys = (text: string, at = 0) => layoutOf(tableOf(text), columns, at).mapping.map((it) => it?.field.key);
const found = (_: Column, name: string) => (name === "FM-3" ? { id: "p1", name: "Flow meter", fields: {} } : undefined);

describe("a pasted table", () => {
  it("puts figures into columns of figures", () => {
    expect(keys("FM-3\t3\t1,450.00\t10%\nGW-2\t1\t990\t")).toEqual(["product", "quantity", "price", "discount"]);
    expect(keys("FM-3\tFlow meter\t3\tpcs\t1450")).toEqual(["product", "name", "quantity", "unit", "price"]);
  });
  it("is taken by its headings, in either language, whatever their order", () => {
    const layout = layoutOf(tableOf("单价\tSomething\tquantity\tProduct\n1.450,50\tx\t2\tFM-3"), columns, 2);
    expect(layout.mapping.map((it) => it?.field.key)).toEqual(["price", undefined, "quantity", "product"]);
    expect([layout.headed, layout.lines.length, layout.style]).toEqual([true, 1, "comma"]);
  });
  it("needs no question where it is as the grid is", () => {
    expect(layoutOf(tableOf("FM-3\tFlow\t3\tpcs\nGW\tGate\t1\tpcs"), columns, 0).plain).toBe(true);
    expect(layoutOf(tableOf("FM-3\t3\nGW\t1"), columns, 0).plain).toBe(false);
    expect(layoutOf(tableOf("3\n1"), columns, 2).plain).toBe(true);
  });
  it("never writes into what is reckoned", () => {
    expect(keys("1\t10\t5\t99", 2)).toEqual(["quantity", "price", "discount", undefined]);
  });
  it("keeps what was not understood, to be shown and put right", () => {
    const layout = layoutOf(tableOf("FM-3\tFlow meter\ta few\tpcs\t1450\nXX\tGateway\t1\tpcs\t990"), columns, 0);
    const rows = readTable(layout, "EUR", found);
    expect(notUnderstood(rows)).toBe(1 + 1);
    expect(rows[0]!.written).toEqual({ fields: { product: "p1", name: "Flow meter", quantity: null, unit: "pcs", price: { amount: "1450", currency: "EUR" } }, refs: { p1: { object: "product", name: "Flow meter" } }, unread: { quantity: "a few" } });
    expect(rows[1]!.written.unread).toEqual({ product: "XX" });
  });
});
