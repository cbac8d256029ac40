import { describe, expect, it } from "vitest";
import type { Condition, Field } from "~/api/types";
import { holds } from "./holds";

const field = (key: string, type: Field["type"], more: Partial<Field> = {}) => ({ key, type, ...more }) as Field;
const fields = [
  field("name", "text"),
  field("amount", "currency"),
  field("score", "number"),
  field("kind", "select"),
  field("tags", "multi_select"),
  field("active", "boolean"),
  field("day", "date"),
  field("at", "datetime"),
  field("account", "reference"),
  field("x_share", "calculated", { result: "percent" }),
];
const values = {
  name: "  ACME Ltd ",
  amount: { amount: "1000.50", currency: "EUR" },
  score: "9007199254740993.1",
  kind: "big",
  tags: ["a", "b"],
  day: "2026-11-25",
  at: "2026-11-25T23:30:00Z",
  account: "7",
  x_share: "12.5",
};
const on = { values, fields, mainCurrency: "EUR", timeZone: "Asia/Shanghai" };
const row = (key: string, op: string, value?: unknown) => ({ field: key, op, value }) as Condition;

describe("a condition on a form", () => {
  it.each([
    ["text folded", row("name", "eq", "acme ltd"), true],
    ["text begins", row("name", "starts_with", "Acme"), true],
    ["text ends", row("name", "ends_with", "inc"), false],
    ["text contains not", row("name", "not_contains", "ltd"), false],
    ["numbers exactly", row("score", "gt", "9007199254740993"), true],
    ["numbers between", row("x_share", "between", ["0", "12.50"]), true],
    ["money in the main currency", row("amount", "ge", "1000.5"), true],
    ["money in another currency", row("amount", "ge", { amount: "1", currency: "USD" }), undefined],
    ["one of", row("kind", "in", ["small", "big"]), true],
    ["none of", row("kind", "not_in", ["small", "big"]), false],
    ["several", row("tags", "contains", ["b", "z"]), true],
    ["several not", row("tags", "not_contains", "a"), false],
    ["blank truth is false", row("active", "eq", false), true],
    ["days", row("day", "le", "2026-11-25"), true],
    ["an instant within a day where the organisation is", row("at", "eq", "2026-11-26"), true],
    ["references", row("account", "ne", "8"), true],
    ["across references", row("account.sector", "eq", "it"), undefined],
    ["periods", row("day", "within", "this_week"), undefined],
  ])("%s", (_, condition, expected) => {
    expect(holds(condition, on)).toBe(expected);
  });

  it.each(["eq", "lt", "contains", "in", "within"])("a test of a blank is false: %s", (op) => {
    expect(holds(row("name", op, op === "in" ? ["a"] : "a"), { ...on, values: {} })).toBe(false);
  });
  it.each(["ne", "not_in", "not_contains"])("but %s is true of it", (op) => {
    expect(holds(row("name", op, op === "not_in" ? ["a"] : "a"), { ...on, values: {} })).toBe(true);
  });

  it("does not guess what it cannot read", () => {
    const unknown = row("account.sector", "eq", "it");
    const yes = row("kind", "eq", "big");
    const no = row("kind", "eq", "small");
    expect(holds({ all: [unknown, yes] }, on)).toBeUndefined();
    expect(holds({ all: [unknown, no] }, on)).toBe(false);
    expect(holds({ any: [unknown, yes] }, on)).toBe(true);
    expect(holds({ any: [unknown, no] }, on)).toBeUndefined();
    expect(holds({ not: unknown }, on)).toBeUndefined();
    expect(holds({ not: no }, on)).toBe(true);
    expect(holds({ exists: { object: "contact_role" } }, on)).toBeUndefined();
  });
});
