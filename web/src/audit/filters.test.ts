import { expect, test } from "vitest";
import { filtersOf, queryOf } from "./filters";

test("an address gives only filters that there are", () => {
  expect(filtersOf({ by: "1", outcome: "refused", from: "2026-11-01", until: "soon", other: "x", q: "" })).toEqual({ by: "1", outcome: "refused", from: "2026-11-01" });
  expect(filtersOf({ outcome: "maybe" })).toEqual({});
});

test("days are the reader's own, the last one included", () => {
  expect(queryOf({ from: "2026-03-28", until: "2026-03-29", act: "move" }, "Europe/Berlin")).toEqual({
    from: "2026-03-27T23:00:00Z",
    // Summer time begins on that day.
    until: "2026-03-29T22:00:00Z",
    act: "move",
  });
});
