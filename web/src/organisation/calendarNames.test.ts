import { expect, it } from "vitest";
import { currencies, monthName, timeZones, WEEKDAYS, weekdayName } from "./calendarNames";

it("names days and months in the reader's language", () => {
  expect(weekdayName(0, "en")).toBe("Monday");
  expect(weekdayName(WEEKDAYS.indexOf("sunday"), "zh-CN")).toBe("星期日");
  expect(monthName(4, "en")).toBe("April");
  expect(monthName(12, "zh-CN")).toBe("十二月");
});

it("offers UTC and every currency with its name", () => {
  expect(timeZones()).toContain("UTC");
  expect(currencies("en").find((it) => it.value === "EUR")?.label).toBe("EUR – Euro");
});
