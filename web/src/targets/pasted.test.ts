import { describe, expect, it } from "vitest";
import type { Column } from "~/grid/columns";
import { planOf } from "./pasted";

const columns = (
  [
    ["2026-01", "Jan 2026", "2026年1月"],
    ["2026-02", "Feb 2026", "2026年2月"],
    ["2026-03", "Mar 2026", "2026年3月"],
  ] as const
).map(([key, en, zh]) => ({ field: { key, label: { en, "zh-CN": zh }, type: "currency" }, width: 100 }) as Column);
const lines = [
  { key: "north", name: "North" },
  { key: "sum", name: "Sum", frozen: true },
  { key: "kim", name: "Kim North" },
  { key: "tara", name: "Tara" },
];
const usd = (amount: string) => ({ amount, currency: "USD" });

describe("targets from a spreadsheet", () => {
  it("are taken as they lie, from where one stands", () => {
    const plan = planOf("1,000\t2,000\n3,000\t", { row: 2, column: 1 }, lines, columns, "USD");
    expect(plan.writes).toEqual([
      { key: "kim", written: { fields: { "2026-02": usd("1000"), "2026-03": usd("2000") }, unread: {} } },
      { key: "tara", written: { fields: { "2026-02": usd("3000"), "2026-03": null }, unread: {} } },
    ]);
    expect(plan.figures).toBe(3);
  });

  it("go to whom they name, whatever their order, and strangers are told", () => {
    const plan = planOf("Person\tFeb\tJan\ntara\t20\t10\nSomebody\t1\t2\nKim North\t40\t30", { row: 0, column: 0 }, lines, columns, "USD");
    expect(plan.writes).toEqual([
      { key: "tara", written: { fields: { "2026-02": usd("20"), "2026-01": usd("10") }, unread: {} } },
      { key: "kim", written: { fields: { "2026-02": usd("40"), "2026-01": usd("30") }, unread: {} } },
    ]);
    expect(plan.strangers).toEqual(["Somebody"]);
  });

  it("with names and no headings begin with the first period", () => {
    const plan = planOf("Tara\t1\t2\t3", { row: 0, column: 0 }, lines, columns, "USD");
    expect(plan.writes[0]).toEqual({ key: "tara", written: { fields: { "2026-01": usd("1"), "2026-02": usd("2"), "2026-03": usd("3") }, unread: {} } });
  });

  it("leave alone what is only read, and what two are called", () => {
    expect(planOf("1\n2\n3", { row: 0, column: 0 }, lines, columns, "USD").writes.map((write) => write.key)).toEqual(["north", "kim"]);
    const twice = [...lines, { key: "other", name: "Tara" }];
    expect(planOf("Tara\t1\nKim North\t2", { row: 0, column: 0 }, twice, columns, "USD")).toMatchObject({ strangers: ["Tara"], writes: [{ key: "kim" }] });
  });

  it("keep what cannot be read as it stands", () => {
    const plan = planOf("1.000,50\tmany\n2.000,00\t5", { row: 2, column: 0 }, lines, columns, "USD");
    expect(plan.writes[0]!.written).toEqual({ fields: { "2026-01": usd("1000.50"), "2026-02": null }, unread: { "2026-02": "many" } });
    expect(plan.unread).toBe(1);
  });
});
