import { describe, expect, it } from "vitest";
import { conditionOfColumn, conditionOfView, viewOfSearch } from "./boardFilter";

describe("viewOfSearch", () => {
  it("reads an address", () => {
    expect(viewOfSearch({ process: "p1", owner: "u1", q: 42, other: "x" })).toEqual({ process: "p1", owner: "u1", q: "42" });
  });
  it("lets mine win over a named owner", () => {
    expect(viewOfSearch({ mine: true, owner: "u1" })).toEqual({ mine: true });
  });
});

describe("conditions of a view", () => {
  it("asks for nothing when all is shown", () => {
    expect(conditionOfView({})).toBeUndefined();
  });
  it("narrows a column to process, stage and owner", () => {
    expect(conditionOfColumn({ owner: "u1" }, "sales_process", "p1", "won")).toEqual({
      all: [
        { field: "sales_process", op: "eq", value: "p1" },
        { field: "stage", op: "eq", value: "won" },
        { field: "owner", op: "eq", value: "u1" },
      ],
    });
  });
});
