import { describe, expect, it } from "vitest";
import type { Condition } from "~/api/types";
import { conditionOfRows, operatorsOf, rowsOfCondition, withOperator } from "./conditionRows";

describe("conditions as rows", () => {
  it.each<Condition>([
    { all: [{ field: "amount", op: "gt", value: { amount: "1000", currency: "USD" } }] },
    { any: [{ field: "stage", op: "in", value: ["a", "b"] }, { field: "next_step", op: "is_not_empty" }] },
    { all: [{ exists: { object: "contact_role", at_least: 1 } }, { not: { field: "name", op: "eq", value: "x" } }] },
    { all: [{ field: "expected_close_date", op: "within", value: { period: "this_month" } }] },
  ])("come back as they were: %j", (condition) => {
    expect(conditionOfRows(rowsOfCondition(condition))).toEqual(condition);
  });

  it("reads a bare comparison as a list of one", () => {
    expect(rowsOfCondition({ field: "name", op: "is_empty" }).rows).toHaveLength(1);
  });

  it("is no condition without rows, and leaves unfinished rows out", () => {
    expect(conditionOfRows({ join: "all", rows: [] })).toBeUndefined();
    expect(conditionOfRows({ join: "all", rows: [{ kind: "compare", field: "", op: "eq", value: 1 }] })).toBeUndefined();
  });
});

describe("withOperator", () => {
  const row = { kind: "compare", field: "stage", op: "eq", value: "a" } as const;
  it("turns one value into a list and back", () => {
    const many = withOperator(row, "in");
    expect(many).toMatchObject({ value: ["a"] });
    expect(withOperator({ ...row, op: "in", value: ["a", "b"] }, "eq")).toMatchObject({ value: "a" });
  });
  it("drops the value where none belongs", () => {
    expect(withOperator(row, "is_empty")).toMatchObject({ value: undefined });
  });
});

describe("operatorsOf", () => {
  it("offers an order for what has one", () => {
    expect(operatorsOf("currency")).toContain("gt");
    expect(operatorsOf("select")).not.toContain("gt");
  });
});
