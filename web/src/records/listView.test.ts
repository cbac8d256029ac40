import { describe, expect, it } from "vitest";
import type { ObjectDef } from "~/api/types";
import { conditionOf, nextSort, viewOfSearch } from "./listView";

const object = { key: "opportunity", owned: true, name_field: "name", fields: [{ key: "stage", type: "select", options: [] }] } as unknown as ObjectDef;

describe("a view of a list", () => {
  it("is read from the address; what does not belong is passed over", () => {
    expect(viewOfSearch({ q: 42, mine: true, sort: "-amount", quick: { stage: ["won"], other: [] }, filter: "x", junk: 1 })).toEqual({ q: "42", mine: true, sort: "-amount", quick: { stage: ["won"] } });
  });

  it("becomes one condition", () => {
    expect(conditionOf(object, {})).toBeUndefined();
    expect(conditionOf(object, { mine: true })).toEqual({ field: "owner", op: "is_me" });
    expect(conditionOf(object, { mine: true, quick: { stage: ["won"] }, filter: { field: "amount", op: "gt", value: "1" } })).toEqual({
      all: [
        { field: "owner", op: "is_me" },
        { field: "stage", op: "in", value: ["won"] },
        { field: "amount", op: "gt", value: "1" },
      ],
    });
  });

  it("sorts up, down, and as at first", () => {
    expect(nextSort("amount", undefined)).toBe("amount");
    expect(nextSort("amount", "amount")).toBe("-amount");
    expect(nextSort("amount", "-amount")).toBeUndefined();
    expect(nextSort("amount", "name")).toBe("amount");
  });
});
