import { describe, expect, it } from "vitest";
import { askedOf, questionOf } from "./asked";

describe("what an analysis is about", () => {
  it("is read from the address, without what is not understood", () => {
    const filter = { field: "amount", op: "gt", value: "5" };
    expect(askedOf({ process: "p", owner: 3, department: "", filter, tab: "x" })).toEqual({ process: "p", filter });
    expect(askedOf({ filter: ["no"] })).toEqual({});
  });

  it("is asked as one condition, a department with those below it", () => {
    expect(questionOf({})).toEqual({ process: undefined, filter: undefined });
    expect(questionOf({ process: "p", owner: "kim" })).toEqual({ process: "p", filter: { field: "owner", op: "eq", value: "kim" } });
    expect(questionOf({ department: "north", filter: { field: "stage", op: "is_not_empty" } }).filter).toEqual({
      all: [
        { field: "owner_department", op: "in_department", value: { id: "north", with_sub: true } },
        { field: "stage", op: "is_not_empty" },
      ],
    });
  });
});
