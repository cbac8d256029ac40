import { describe, expect, it } from "vitest";
import type { ObjectDef, Requirement } from "~/api/types";
import { requestOf } from "../useMove";
import { createdOf, isGateOfRecord } from "./created";

const task = { key: "task", fields: [{ key: "name", type: "text", required: true, access: "write" }, { key: "regarding", type: "regarding", access: "write" }] } as unknown as ObjectDef;

describe("records created along with a move", () => {
  it("go with what they begin with and what was written", () => {
    const asked = [{ object: "task", link: "regarding", fields: ["name"], fill: [], values: { name: "Review" } }];
    expect(createdOf(asked, [], [task])).toEqual([{ object: "task", fields: { name: "Review" } }]);
    expect(createdOf(asked, [{ name: "Loss review" }], [task])).toEqual([{ object: "task", fields: { name: "Loss review" } }]);
  });
  it("are told in their own forms, as far as there are such", () => {
    const at = (path: string) => ({ path }) as Requirement;
    expect([isGateOfRecord(at("create/0"), 1), isGateOfRecord(at("create/0/fields/name"), 1), isGateOfRecord(at("create/1"), 1), isGateOfRecord(at("amount"), 1)]).toEqual([true, true, false, false]);
  });
});

describe("a move is asked for", () => {
  const move = { id: "d1", stage: "won", fields: {}, reason: "  ", create: [] };
  it("with nothing that was not said", () => {
    expect(requestOf(move)).toEqual(["/records/opportunity/d1/move", { stage: "won" }]);
  });
  it.each([
    [{ reopen: true, reason: "again" }, "/records/opportunity/d1/reopen", { stage: "won", reason: "again" }],
    [{ process: "p2", reason: "grown" }, "/records/opportunity/d1/change-process", { process: "p2", stage: "won", reason: "grown" }],
    [{ bypass: true, reason: "agreed", fields: { amount: null } }, "/records/opportunity/d1/move", { stage: "won", reason: "agreed", bypass: true, fields: { amount: null } }],
  ])("%o", (more, path, body) => {
    expect(requestOf({ ...move, ...more })).toEqual([path, body]);
    expect(requestOf({ ...move, ...more }, true)[1]).toEqual({ ...body, dry_run: true });
  });
});
