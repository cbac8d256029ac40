import { describe, expect, it } from "vitest";
import type { Targets } from "~/api/targets";
import { withRow } from "~/grid/rows";
import { findingsIn, gridRowOf, linesOf, mergedOver, more, setOf } from "./rows";

const row = (kind: "department" | "person", id: string, parent: string | null, values: Record<string, string> = {}) => ({ kind, id, name: id, parent, active: true, can_set: true, version: 2, values, effective: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, from: "set" as const }])) });
const targets = (over: Partial<Targets> = {}): Targets => ({
  year: 2026,
  metric: "won_amount",
  periods: [
    { period: "2026", length: "year", from: "2026-01-01", to: "2026-12-31" },
    { period: "2026-01", length: "month", from: "2026-01-01", to: "2026-01-31" },
  ],
  rows: [row("department", "sales", null, { "2026-01": "100.00" }), row("department", "north", "sales"), row("person", "kim", "north", { "2026-01": "70.50" })],
  people: { sales: { "2026-01": "70.50" } },
  main_currency: "USD",
  can: { set: true },
  ...over,
});

describe("targets in a grid", () => {
  it("stand as a tree, with the sum of the people and the difference below their department", () => {
    const lines = linesOf(targets());
    expect(lines.map(({ key, depth }) => [key, depth])).toEqual([["department sales", 0], ["people sales", 0], ["difference sales", 0], ["department north", 1], ["person kim", 2]]);
    expect(lines.map((line) => gridRowOf(line, targets())).map((one) => [one.base["2026-01"], one.frozen])).toEqual([
      [{ amount: "100", currency: "USD" }, false],
      [{ amount: "70.50", currency: "USD" }, true],
      [{ amount: "29.5", currency: "USD" }, true],
      [null, false],
      [{ amount: "70.50", currency: "USD" }, false],
    ]);
  });

  it("are sent as far as they differ", () => {
    const rows = linesOf(targets()).map((line) => gridRowOf(line, targets()));
    const changed = withRow(withRow(rows, "person kim", { fields: { "2026-01": null } }), "department north", { fields: { "2026-01": { amount: "5", currency: "USD" } } });
    expect(setOf(changed, targets())).toEqual({
      keys: ["department north", "person kim"],
      set: { year: 2026, metric: "won_amount", rows: [{ kind: "department", id: "north", version: 2, values: { "2026-01": "5" } }, { kind: "person", id: "kim", version: 2, values: { "2026-01": null } }] },
    });
  });

  it("keep one's own changes over what others have set", () => {
    const rows = withRow(linesOf(targets()).map((line) => gridRowOf(line, targets())), "person kim", { fields: { "2026-01": { amount: "80", currency: "USD" } } });
    const present = targets({ rows: [row("department", "sales", null, { "2026-01": "999" }), row("department", "north", "sales"), { ...row("person", "kim", "north", { "2026-01": "75" }), version: 3 }] });
    const merged = mergedOver(rows, present);
    expect(setOf(merged, present).set.rows).toEqual([{ kind: "person", id: "kim", version: 3, values: { "2026-01": "80" } }]);
    expect(merged[0]!.base["2026-01"]).toEqual({ amount: "999", currency: "USD" });
  });

  it("tell at the cell what was refused", () => {
    expect(findingsIn([{ code: "x", path: "rows/1/values/2026-01", message: "Too large" }, { code: "y", path: "year", message: "No" }], ["a", "b"])).toEqual({ byRow: { b: { "2026-01": ["Too large"] } }, general: ["No"] });
  });

  it("differ exactly", () => {
    expect([more("100", "100.0000"), more("1", "2.5"), more(7, 3), more(undefined, "3")]).toEqual(["0", "-1.5", "4", undefined]);
  });
});
