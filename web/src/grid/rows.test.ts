import { describe, expect, it } from "vitest";
import type { Rec } from "~/api/types";
import { countOf, hasUnread, isSame, moved, newRow, removed, rowOf, wantedOf, withCell } from "./rows";

const line = (id: string, quantity: string) => ({ object: "opportunity_line", id, version: 3, revision: 1, fields: { name: id, quantity } }) as Rec;
const start = { quantity: "1" };

describe("rows of a grid", () => {
  it("send what was changed, with the version that was seen", () => {
    const rows = withCell([rowOf(line("a", "2")), rowOf(line("b", "5"))], "a", "quantity", "4");
    expect(wantedOf(rows)).toEqual({ wanted: [{ id: "a", version: 3, fields: { quantity: "4" } }], keys: ["a"] });
  });
  it("send nothing of what was changed back", () => {
    const rows = withCell(withCell([rowOf(line("a", "2"))], "a", "quantity", "4"), "a", "quantity", "2");
    expect(wantedOf(rows).wanted).toEqual([]);
  });
  it("send new ones with what they begin with, and none into which nobody wrote", () => {
    const rows = withCell([newRow("n1", start), newRow("n2", start)], "n2", "name", "Meter");
    expect(wantedOf(rows)).toEqual({ wanted: [{ fields: { quantity: "1", name: "Meter" } }], keys: ["n2"] });
    expect(countOf(rows)).toBe(1);
  });
  it("take new ones away, mark those that are there, and let them be kept after all", () => {
    const gone = removed(removed([rowOf(line("a", "2")), newRow("n1", start)], "n1"), "a");
    expect(wantedOf(gone).wanted).toEqual([{ id: "a", version: 3, delete: true }]);
    expect(countOf(gone)).toBe(0);
    expect(wantedOf(removed(gone, "a")).wanted).toEqual([]);
  });
  it("remember what could not be read until it is written anew", () => {
    const pasted = withCell([newRow("n1", start)], "n1", "quantity", null, "many");
    expect(hasUnread(pasted)).toBe(true);
    expect(hasUnread(withCell(pasted, "n1", "quantity", "7"))).toBe(false);
  });
  it("take a figure for the same however it is written", () => {
    expect(isSame({ amount: "12.5", currency: "EUR" }, { amount: "12.50", currency: "EUR" })).toBe(true);
    expect(isSame({ amount: "12.5", currency: "EUR" }, { amount: "12.5", currency: "USD" })).toBe(false);
    expect(isSame("1", "1.0")).toBe(true);
    expect(isSame("", null)).toBe(true);
    expect(isSame("0", null)).toBe(false);
  });
  it("change places within their number", () => {
    const rows = ["a", "b", "c"].map((key) => newRow(key, start));
    const order = (list: { key: string }[]) => list.map((row) => row.key).join("");
    expect(order(moved(rows, "a", 1))).toBe("bac");
    expect(order(moved(rows, "a", 9))).toBe("bca");
    expect(moved(rows, "c", 2)).toBe(rows);
  });
});
