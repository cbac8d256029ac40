import { describe, expect, it } from "vitest";
import { endOfLast, isDay, pastDay, spanOf } from "./days";

describe("days of the past", () => {
  it("are the last ones of what is over", () => {
    expect(endOfLast("month", "2026-03-05", 1)).toBe("2026-02-28");
    expect(endOfLast("quarter", "2026-11-26", 1)).toBe("2026-09-30");
    expect(endOfLast("year", "2026-03-31", 4)).toBe("2025-03-31");
    expect(pastDay("week", "2026-01-03", 1)).toBe("2025-12-27");
  });
  it("span a period from how it began", () => {
    expect(spanOf("thisQuarter", "2026-11-26", 1)).toEqual({ from: "2026-09-30", to: "2026-11-26" });
    expect(spanOf("lastMonth", "2026-11-26", 1)).toEqual({ from: "2026-09-30", to: "2026-10-31" });
    expect(spanOf("lastQuarter", "2026-11-26", 1)).toEqual({ from: "2026-06-30", to: "2026-09-30" });
  });
  it("are told from other texts", () => {
    expect([isDay("2026-11-26"), isDay("2026-13-40"), isDay("26.11."), isDay(undefined)]).toEqual([true, false, false, false]);
  });
});
