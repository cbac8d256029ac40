import { describe, expect, it } from "vitest";
import type { ImportMatch, ImportProblem } from "~/api/imports";
import { alikeRows, duplicatesOf, mayUpdate, withRow } from "./duplicates";

const match = (over: Partial<ImportMatch>): ImportMatch => ({ object: "account", id: "a1", name: "Acme", row: null, score: 100, rule: { id: "r", name: "Same customer" }, verdict: "warn", reasons: [], ...over });
const problem = (line: number, code: string, matches: ImportMatch[], step = 0): ImportProblem => ({ step, line, code, message: "", matches });

describe("rows that are alike", () => {
  it("are looked for and created all the same where nothing is said", () => {
    expect(duplicatesOf({})).toEqual({ check: true, then: "create", rows: {} });
    expect(duplicatesOf({ duplicates: { check: false, then: "skip" } })).toEqual({ check: false, then: "skip", rows: {} });
  });

  it("may each be done otherwise, and go with the others again", () => {
    const one = withRow({ duplicates: { check: true, then: "skip" } }, 7, "create");
    expect(one).toEqual({ check: true, then: "skip", rows: { "7": "create" } });
    expect(withRow({ duplicates: one }, 7, null).rows).toEqual({});
  });

  it("are told once, with the record and with the row that they met", () => {
    const rows = alikeRows([problem(9, "duplicate.found", [match({})]), problem(4, "duplicate.in_file", [match({ id: null, row: 2 })]), problem(9, "duplicate.in_file", [match({ id: null, row: 4 })])]);
    expect(rows.map((row) => [row.line, row.matches?.length])).toEqual([[4, 1], [9, 2]]);
    expect(rows.map(mayUpdate)).toEqual([false, true]);
  });
});
