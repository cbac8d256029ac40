import { describe, expect, it } from "vitest";
import { hoursOn, hoursTogether, newCalendar, readSpans, showSpans, weekdayOf, type SpecialDay } from "./calendar";

const day = (over: Partial<SpecialDay>): SpecialDay => ({ name: "", from: "2026-10-01", to: "2026-10-07", yearly: false, kind: "holiday", hours: [], ...over });

describe("hours", () => {
  it("are read as people type them", () => {
    expect(readSpans("9-12, 13:00-18:30")).toEqual([{ from: "09:00", to: "12:00" }, { from: "13:00", to: "18:30" }]);
    expect(readSpans("13–18；8.30–12")).toEqual([{ from: "08:30", to: "12:00" }, { from: "13:00", to: "18:00" }]);
    expect(readSpans("")).toEqual([]);
    for (const wrong of ["9", "12-9", "9-25", "9:60-10", "9-12, 11-13", "nine to five"]) expect(readSpans(wrong), wrong).toBeUndefined();
    expect(showSpans(readSpans("9-12,13-18")!)).toBe("09:00–12:00, 13:00–18:00");
    expect(hoursTogether(readSpans("9-12,13-18:30")!)).toBe(8.5);
  });

  it("of a day are those of the special day that counts", () => {
    expect(weekdayOf("2026-09-27")).toBe(6);
    const calendar = { ...newCalendar(), days: [day({}), day({ kind: "working_day", from: "2026-09-27", to: "2026-09-27", as: "friday" }), day({ kind: "half_day", yearly: true, from: "2020-12-24", to: "2020-12-24", hours: [{ from: "09:00", to: "12:00" }] })] };
    expect(hoursTogether(hoursOn(calendar, "2026-09-27").hours)).toBe(8);
    expect(hoursOn(calendar, "2026-10-05").hours).toEqual([]);
    expect(hoursTogether(hoursOn(calendar, "2026-10-08").hours)).toBe(8);
    expect(hoursTogether(hoursOn(calendar, "2031-12-24").hours)).toBe(3);
    const overNewYear = { ...newCalendar(), days: [day({ yearly: true, from: "2020-12-28", to: "2021-01-02" })] };
    expect(hoursOn(overNewYear, "2026-01-01").hours).toEqual([]);
    expect(hoursTogether(hoursOn(overNewYear, "2026-01-05").hours)).toBe(8);
  });
});
