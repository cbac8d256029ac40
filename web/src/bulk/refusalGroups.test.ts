import { describe, expect, it } from "vitest";
import type { BulkResult } from "~/api/bulk";
import { asksReason, fieldsForAll, refusalGroups } from "./refusalGroups";

const refused = (id: string, ...violations: BulkResult["violations"] & object): BulkResult => ({ id, name: id, result: "refused", violations });
const amount = { code: "stage.missing_field", path: "amount", message: "Amount is missing." };
const task = { code: "stage.task_open", path: "stage", message: "Do “Call” first.", params: { task: "t1" } };

describe("what stands in the way of many", () => {
  const groups = refusalGroups([refused("a", amount, task), refused("b", task), { id: "c", name: "c", result: "saved" }, { id: "d", result: "refused", code: "not_found", violations: [] }], () => ["Gone."]);
  it("is told once, with those it concerns, the most frequent first", () => {
    expect(groups.map((group) => [group.message, group.results.map((one) => one.id)])).toEqual([
      ["Do “Call” first.", ["a", "b"]],
      ["Amount is missing.", ["a"]],
      ["Gone.", ["d"]],
    ]);
  });
  it("says which fields could be filled for all at once", () => {
    expect(fieldsForAll(groups)).toEqual(["amount"]);
    expect(fieldsForAll(refusalGroups([refused("a", { code: "stage.terminal_action", path: "create/0", message: "m", params: { object: "task" } })], () => []))).toEqual([]);
  });
  it("and whether a reason is wanted", () => {
    expect(asksReason(groups)).toBe(false);
    expect(asksReason(refusalGroups([refused("a", { code: "stage.reason_required", path: "reason", message: "Why?" })], () => []))).toBe(true);
  });
});
