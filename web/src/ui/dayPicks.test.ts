import { describe, expect, it } from "vitest";
import { dayPicks, dueOn, endOfWeek, sameHourOn, spanOf, weekStartOf } from "./dayPicks";

const BERLIN = "Europe/Berlin";
// A Thursday, 10:30 in Berlin.
const now = new Date("2026-11-26T09:30:00Z");

describe("days by one press", () => {
  it("offers today, tomorrow, in three days and next Monday", () => {
    expect(dayPicks("2026-11-26").map((pick) => pick.day)).toEqual(["2026-11-26", "2026-11-27", "2026-11-29", "2026-11-30"]);
    // On a Monday, next week is the Monday after.
    expect(dayPicks("2026-11-30").at(-1)?.day).toBe("2026-12-07");
  });
  it("is due when the working day ends, or the day itself", () => {
    expect(dueOn("2026-11-26", BERLIN, now)).toBe("2026-11-26T17:00:00Z");
    expect(dueOn("2026-11-26", BERLIN, new Date("2026-11-26T19:00:00Z"))).toBe("2026-11-26T22:59:00Z");
  });
  it("keeps the hour of what is put off", () => {
    expect(sameHourOn("2026-11-27", "2026-11-20T08:15:00Z", BERLIN, now)).toBe("2026-11-27T08:15:00Z");
    // Today at a quarter past nine is past already.
    expect(sameHourOn("2026-11-26", "2026-11-20T08:15:00Z", BERLIN, now)).toBe("2026-11-26T17:00:00Z");
    expect(sameHourOn("2026-11-27", null, BERLIN, now)).toBe("2026-11-27T17:00:00Z");
  });
});

describe("spanOf", () => {
  const monday = weekStartOf("monday");
  it("tells overdue, today, this week and later by the reader's clock", () => {
    expect(spanOf("2026-11-26T09:29:00Z", BERLIN, monday, now)).toBe("overdue");
    expect(spanOf("2026-11-26T22:59:00Z", BERLIN, monday, now)).toBe("today");
    expect(spanOf("2026-11-26T23:00:00Z", BERLIN, monday, now)).toBe("week");
    expect(spanOf("2026-11-29T22:59:00Z", BERLIN, monday, now)).toBe("week");
    expect(spanOf("2026-11-29T23:00:00Z", BERLIN, monday, now)).toBe("later");
    expect(spanOf(null, BERLIN, monday, now)).toBe("none");
  });
  it("ends the week where the organisation does", () => {
    expect(endOfWeek("2026-11-26", weekStartOf("monday"))).toBe("2026-11-29");
    expect(endOfWeek("2026-11-26", weekStartOf("sunday"))).toBe("2026-11-28");
    expect(endOfWeek("2026-11-29", weekStartOf("monday"))).toBe("2026-11-29");
  });
});
