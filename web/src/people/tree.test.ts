import { describe, expect, it } from "vitest";
import { chainOf, linesOf, type Department } from "./tree";

const department = (id: string, parent: string | null): Department => ({ id, name: id, parent, version: 1, head: null, assistants: null, people: 0, people_below: 0 });
const items = [department("Sales", null), department("North", "Sales"), department("Oslo", "North"), department("South", "Sales"), department("Legal", "gone")];
const drawn = (folded: string[], words?: string) => linesOf(items, new Set(folded), words).map((line) => "·".repeat(line.depth) + line.department.id);

describe("the tree of departments", () => {
  it("draws what is not folded, and what hangs on nothing at the top", () => {
    expect(drawn([])).toEqual(["Sales", "·North", "··Oslo", "·South", "Legal"]);
    expect(drawn(["North"])).toEqual(["Sales", "·North", "·South", "Legal"]);
    expect(linesOf(items, new Set(["North"]))[1]).toMatchObject({ children: 1, open: false });
  });

  it("is narrowed by words, with all that lies above", () => {
    expect(drawn(["Sales"], "osl")).toEqual(["Sales", "·North", "··Oslo"]);
    expect(drawn([], "nothing")).toEqual([]);
  });

  it("leads upward, and a circle ends", () => {
    expect(chainOf(items, "Oslo").map((it) => it.id)).toEqual(["Oslo", "North", "Sales"]);
    expect(chainOf([department("a", "b"), department("b", "a")], "a").map((it) => it.id)).toEqual(["a", "b"]);
  });
});
