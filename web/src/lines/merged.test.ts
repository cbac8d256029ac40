import { describe, expect, it } from "vitest";
import type { Rec, Value } from "~/api/types";
import { changesOf, newRow, removed, rowOf, withCell } from "~/grid/rows";
import { merged, toldOf } from "./merged";

const record = (id: string, version: number, fields: Record<string, Value>) => ({ object: "quote_line", id, version, revision: version, fields }) as Rec;
const before = [record("a", 1, { name: "A", quantity: "1" }), record("b", 1, { name: "B", quantity: "2" }), record("c", 1, { name: "C", quantity: "3" })];
const mine = () => before.map(rowOf);

describe("rows that others have saved meanwhile", () => {
  it("come in where one has not written, with what one has written over them", () => {
    const { rows, clashes } = merged(withCell(mine(), "a", "quantity", "9"), [record("a", 2, { name: "Anew", quantity: "1" }), before[1]!, before[2]!], {});
    expect(rows[0]).toMatchObject({ version: 2, base: { name: "Anew" }, draft: { quantity: "9" } });
    expect(clashes).toEqual({});
  });
  it("are told of in the cells that both have changed, until they agree", () => {
    const { rows, clashes } = merged(withCell(mine(), "a", "quantity", "9"), [record("a", 2, { name: "A", quantity: "5" })], {});
    expect(clashes).toEqual({ a: { quantity: "5" } });
    expect(toldOf({ clashes }, rows, (value) => `now ${String(value)}`)).toEqual({ a: { quantity: ["now 5"] } });
    expect(toldOf({ clashes }, withCell(rows, "a", "quantity", "5"), String)).toEqual({ a: {} });
  });
  it("go where others have removed them, unless one has changed them", () => {
    const changed = withCell(mine(), "b", "quantity", "7");
    const { rows, revived } = merged(changed, [before[0]!], {});
    expect(rows.map((row) => [row.key, row.id])).toEqual([["a", "a"], ["b", undefined]]);
    expect(revived).toEqual(["b"]);
    expect(changesOf(rows[1]!)).toMatchObject({ name: "B", quantity: "7" });
  });
  it("stand beside one's own new ones, and what one removes stays removed", () => {
    const { rows } = merged([...removed(mine(), "c"), newRow("new-1", {})], [...before, record("d", 1, { name: "D" })], {});
    expect(rows.map((row) => [row.key, row.removed])).toEqual([["a", false], ["b", false], ["c", true], ["new-1", false], ["d", false]]);
  });
});
