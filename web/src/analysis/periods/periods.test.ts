import { describe, expect, it } from "vitest";
import { daysOf, isPeriod, monthsOf, periodAt, periodName, plus, seenAs } from "./periods";

describe("periods of a fiscal year", () => {
  it("bear the number of the year in which it begins", () => {
    expect(daysOf("2026", 4)).toEqual({ first: "2026-04-01", last: "2027-03-31" });
    expect(daysOf("2026-Q4", 4)).toEqual({ first: "2027-01-01", last: "2027-03-31" });
    expect(daysOf("2027-02", 4)).toEqual({ first: "2027-02-01", last: "2027-02-28" });
    expect(periodAt("year", "2027-03-31", 4)).toBe("2026");
    expect(periodAt("quarter", "2027-03-31", 4)).toBe("2026-Q4");
    expect(periodAt("quarter", "2026-11-26", 1)).toBe("2026-Q4");
  });

  it("hold each day of theirs, whatever month the year begins with", () => {
    for (let begins = 1; begins <= 12; begins += 1) {
      for (const day of ["2026-01-01", "2026-03-31", "2026-04-01", "2026-11-26", "2028-02-29"]) {
        for (const length of ["month", "quarter", "year"] as const) {
          const { first, last } = daysOf(periodAt(length, day, begins), begins);
          expect(first <= day && day <= last, `${length} ${day} ${begins}`).toBe(true);
        }
      }
    }
  });

  it("follow each other", () => {
    expect(plus("2026-11", 2)).toBe("2027-01");
    expect(plus("2026-Q1", -1)).toBe("2025-Q4");
    expect(plus("2026", -2)).toBe("2024");
    expect(monthsOf("2026-Q4", 4)).toEqual(["2027-01", "2027-02", "2027-03"]);
  });

  it("are seen at another length where one stands in them", () => {
    expect(seenAs("2026", "month", "2026-11-26", 1)).toBe("2026-11");
    expect(seenAs("2025", "month", "2026-11-26", 1)).toBe("2025-01");
    expect(seenAs("2026-11", "quarter", "2026-11-26", 1)).toBe("2026-Q4");
  });

  it("are said in the reader's words", () => {
    expect(periodName("2026-Q4", "en", 1)).toBe("Q4 2026");
    expect(periodName("2026", "en", 4)).toBe("FY 2026/27");
    expect(periodName("2026-11", "zh-CN", 1)).toBe("2026年11月");
    expect([isPeriod("2026-Q5"), isPeriod("2026-13"), isPeriod(2026), isPeriod("2026")]).toEqual([false, false, false, true]);
  });
});
