import { describe, expect, it } from "vitest";
import type { Condition, ObjectDef, Rec, Requirement } from "~/api/types";
import { fixOf, gathered, remediesOf } from "./fixes";

const unmet = (code: string, more: Partial<Requirement> = {}): Requirement => ({ code, stage: "proposal", message: "m", fixable_by: "you", ...more });

describe("what stands in the way is put right", () => {
  it.each<[Requirement, unknown]>([
    [unmet("stage.missing_field", { path: "amount" }), { kind: "field", field: "amount" }],
    [unmet("stage.terminal_action", { path: "lost_reason" }), { kind: "field", field: "lost_reason" }],
    [unmet("stage.terminal_action", { path: "create/0", params: { object: "task" } }), { kind: "record", object: "task" }],
    [unmet("stage.task_open", { params: { task: "t1" } }), { kind: "task", task: "t1" }],
    [unmet("stage.not_skippable", { params: { stages: ["qualification"] } }), { kind: "stages", stages: ["qualification"] }],
    [unmet("stage.reason_required", { path: "reason" }), { kind: "reason" }],
    [unmet("stage.locked", { params: { reason: "locked" } }), { kind: "unlock" }],
    [unmet("stage.locked", { fixable_by: "administrator", params: { reason: "locked" } }), { kind: "ask", whom: "administrator" }],
    [unmet("stage.task_open", { fixable_by: "owner", params: { task: "t1" } }), { kind: "ask", whom: "owner" }],
    [unmet("stage.back_forbidden"), undefined],
  ])("%o", (requirement, fix) => {
    expect(fixOf(requirement)).toEqual(fix);
  });
  it("of a condition by the parts that do not hold", () => {
    const part: Condition = { field: "amount", op: "gt", value: 5 };
    const whole: Condition = { all: [part, { field: "name", op: "is_not_empty" }] };
    expect(fixOf(unmet("stage.entry_condition", { params: { condition: whole, unmet: [part] } }))).toEqual({ kind: "condition", parts: [part] });
    expect(fixOf(unmet("stage.entry_condition", { params: { condition: whole } }))).toEqual({ kind: "condition", parts: [whole] });
  });
});

const field = (key: string, more = {}) => ({ key, type: "text", access: "write", read_only: false, system: false, filterable: true, ...more });
const objects = [
  { key: "opportunity", acts: ["edit"], fields: [field("name"), field("amount"), field("account", { type: "reference", object: "account" }), field("win_rate", { read_only: true })] },
  { key: "account", acts: ["edit"], fields: [field("sector"), field("secret", { access: "read" })] },
  { key: "contact_role", acts: ["create"], fields: [field("opportunity", { type: "master", object: "opportunity" }), field("role")] },
] as unknown as ObjectDef[];
const deal = { object: "opportunity", id: "d1", fields: { account: "a1" } } as unknown as Rec;

describe("a part of a condition", () => {
  it("of the deal's own fields is met in one form, without what nobody types", () => {
    const condition: Condition = { all: [{ field: "amount", op: "gt", value: 5 }, { any: [{ field: "name", op: "is_not_empty" }, { field: "win_rate", op: "gt", value: 1 }] }, { field: "amount", op: "is_not_empty" }] };
    expect(gathered(remediesOf(condition, deal, objects))).toEqual([{ kind: "own", fields: ["amount", "name"] }]);
  });
  it("of a related record is met there, or by saying which record it is", () => {
    const condition: Condition = { field: "account.sector", op: "is_not_empty" };
    expect(remediesOf(condition, deal, objects)).toEqual([{ kind: "related", via: "account", object: "account", id: "a1", field: "sector" }]);
    expect(remediesOf(condition, { ...deal, fields: {} }, objects)).toEqual([{ kind: "own", fields: ["account"] }]);
    expect(remediesOf({ field: "account.secret", op: "is_not_empty" }, deal, objects)).toEqual([]);
  });
  it("of a record that must exist is met by making one such", () => {
    const condition: Condition = { exists: { object: "contact_role", where: { all: [{ field: "role", op: "in", value: ["decision_maker", "economic_buyer"] }] } } };
    expect(remediesOf(condition, deal, objects)).toEqual([{ kind: "add", object: "contact_role", given: { opportunity: "d1", role: "decision_maker" } }]);
    expect(remediesOf({ not: condition }, deal, objects)).toEqual([]);
  });
});
