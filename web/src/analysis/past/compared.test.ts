import { describe, expect, it } from "vitest";
import type { AsOf } from "~/api/past";
import { compared, difference } from "./compared";

const day = (rows: [string | null, number][]): AsOf => ({ day: "2026-09-30", at: "", by: "stage", known_fields: [], main_currency: "USD", total: { count: 0 }, rows: rows.map(([key, count]) => ({ key, count })) });

describe("two days beside each other", () => {
  it("show what there was on either", () => {
    const rows = compared(day([["a", 1], ["gone", 2]]), day([["b", 3], ["a", 4], [null, 5]]));
    expect(rows.map(({ key, then, now }) => [key, then?.count, now?.count])).toEqual([["b", undefined, 3], ["a", 1, 4], [null, undefined, 5], ["gone", 2, undefined]]);
  });
  it("differ exactly", () => {
    expect(difference("9007199254740993.01", "9007199254740994.03")).toBe("1.02");
    expect(difference("10.50", "3")).toBe("-7.5");
    expect(difference(undefined, "3.00")).toBe("3");
    expect(difference("100.00", "100")).toBe("0");
    expect(difference("0", "120")).toBe("120");
    expect(difference(null, "3")).toBeNull();
  });
});
