import { describe, expect, it } from "vitest";
import { durationParts, fromDaysAndHours, secondsSince, toDaysAndHours } from "./duration";

describe("durationParts", () => {
  it.each([
    [0, [{ unit: "second", count: 0 }]],
    [59, [{ unit: "second", count: 59 }]],
    [60, [{ unit: "minute", count: 1 }]],
    [93_600, [{ unit: "day", count: 1 }, { unit: "hour", count: 2 }]],
    [86_400 + 59, [{ unit: "day", count: 1 }]],
    [12 * 86_400 + 3_600, [{ unit: "day", count: 12 }]],
    [-5, [{ unit: "second", count: 0 }]],
  ])("%i seconds", (seconds, parts) => {
    expect(durationParts(seconds)).toEqual(parts);
  });
});

describe("stage durations", () => {
  it("reads days and hours and gives the same seconds back", () => {
    const shown = toDaysAndHours(3 * 86_400 + 5 * 3_600);
    expect(shown).toEqual({ days: 3, hours: 5 });
    expect(fromDaysAndHours(shown.days, shown.hours)).toBe(3 * 86_400 + 5 * 3_600);
  });
  it("takes nothing typed as no limit", () => {
    expect(fromDaysAndHours(0, 0)).toBeUndefined();
  });
});

describe("secondsSince", () => {
  it("never goes below zero when the browser's clock is behind", () => {
    expect(secondsSince("2026-11-23T10:00:00Z", Date.parse("2026-11-23T09:59:00Z"))).toBe(0);
  });
});
