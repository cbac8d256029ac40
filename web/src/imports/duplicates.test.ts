import { describe, expect, it } from "vitest";
import type { ImportProblem } from "~/api/imports";
import { alikeRows, duplicatesOf, withRow } from "./duplicates";

const problem = (line: number, code: string, message: string, step = 0): ImportProblem => ({ step, line, code, message });

describe("rows that are alike", () => {
  it("are looked for and kept out where nothing is said", () => {
    expect(duplicatesOf({})).toEqual({ check: true, then: "create", rows: {} });
    expect(duplicatesOf({ duplicates: { check: false, then: "skip" } })).toEqual({ check: false, then: "skip", rows: {} });
  });

  it("may each be done otherwise, and go with the others again", () => {
    const one = withRow({ duplicates: { check: true, then: "skip" } }, 7, "create");
    expect(one).toEqual({ check: true, then: "skip", rows: { "7": "create" } });
    expect(withRow({ duplicates: one }, 7, null).rows).toEqual({});
  });

  it("are told once, with all that they met, and know whether a record can be changed instead", () => {
    const rows = alikeRows([problem(9, "duplicate.found", "like Acme"), problem(4, "duplicate.in_file", "like row 2"), problem(9, "duplicate.in_file", "like row 4"), problem(9, "duplicate.found", "like Acme")]);
    expect(rows).toEqual([
      { step: 0, line: 4, met: [{ words: "like row 2" }], known: false },
      { step: 0, line: 9, met: [{ words: "like Acme" }, { words: "like row 4" }], known: true },
    ]);
    const met = { object: "lead", id: "7", line: null };
    expect(alikeRows([{ ...problem(3, "duplicate.found", "like Anna"), outcome: "created", met }])).toEqual([
      { step: 0, line: 3, met: [{ words: "like Anna", object: "lead", id: "7" }], known: true, outcome: "created" },
    ]);
  });
});
