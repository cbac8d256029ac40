import { describe, expect, it } from "vitest";
import { initialsOf } from "./Avatar";
import { addDays, formatDay, formatMoney, formatRelative, today } from "./format";

describe("formats", () => {
  it("keep every digit of money", () => {
    expect(formatMoney({ amount: "9007199254740993.01", currency: "USD" }, "en")).toBe("$9,007,199,254,740,993.01");
    expect(formatMoney({ amount: "1054.00", currency: "USD" }, "en", true)).toBe("$1,054");
    expect(formatMoney({ amount: "1054.50", currency: "USD" }, "en", true)).toBe("$1,054.50");
    expect(formatMoney({ amount: "1", currency: "??" }, "en")).toBe("?? 1");
  });

  it("show a day as the same day everywhere", () => {
    expect(formatDay("2026-11-23", "en")).toBe("Nov 23, 2026");
    expect(formatDay("2026-11-23", "zh-CN")).toBe("2026年11月23日");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(today("Asia/Shanghai", new Date("2026-11-23T18:00:00Z"))).toBe("2026-11-24");
  });

  it("tell how long ago", () => {
    const now = Date.parse("2026-11-23T12:00:00Z");
    expect(formatRelative("2026-11-20T12:00:00Z", "en", now)).toBe("3 days ago");
    expect(formatRelative("2026-11-23T11:59:40Z", "en", now)).toBeUndefined();
  });

  it("make initials of names in both scripts", () => {
    expect(initialsOf("Kim North")).toBe("KN");
    expect(initialsOf("Madonna")).toBe("M");
    expect(initialsOf("欧阳小明")).toBe("小明");
  });

  it("never shows two currencies alike", () => {
    expect(formatMoney({ amount: "5", currency: "CNY" }, "en")).not.toBe(formatMoney({ amount: "5", currency: "JPY" }, "en", true));
    expect(formatMoney({ amount: "5", currency: "CAD" }, "en")).toBe("CA$5.00");
    expect(formatMoney({ amount: "5", currency: "JPY" }, "zh-CN")).toBe("JP¥5");
  });
});
