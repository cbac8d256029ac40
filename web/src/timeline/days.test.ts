import { describe, expect, it } from "vitest";
import { byDay } from "./days";

describe("byDay", () => {
  it("groups by the days of the reader's clock", () => {
    const items = [{ at: "2026-11-26T08:00:00Z" }, { at: "2026-11-25T23:30:00Z" }, { at: "2026-11-25T22:30:00Z" }];
    expect(byDay(items, "Europe/Berlin").map(({ day, items }) => [day, items.length])).toEqual([
      ["2026-11-26", 2],
      ["2026-11-25", 1],
    ]);
    expect(byDay(items, "UTC").map(({ day }) => day)).toEqual(["2026-11-26", "2026-11-25"]);
    expect(byDay([], "UTC")).toEqual([]);
  });
});
