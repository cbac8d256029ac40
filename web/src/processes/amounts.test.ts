import { describe, expect, it } from "vitest";
import { addDecimal, addToTotals } from "./amounts";

describe("addDecimal", () => {
  it.each([
    ["0.10", "0.20", 1, "0.30"],
    ["1054.00", "54", -1, "1000.00"],
    ["0", "0.05", -1, "-0.05"],
    ["9007199254740993", "1", 1, "9007199254740994"],
    ["1000", "1", -1, "999"],
  ] as const)("%s and %s", (a, b, sign, sum) => {
    expect(addDecimal(a, b, sign)).toBe(sum);
  });
});

describe("addToTotals", () => {
  const totals = [{ currency: "USD", amount: "10.00" }];
  it("keeps currencies apart", () => {
    expect(addToTotals(totals, { currency: "CNY", amount: "7.00" }, 1)).toEqual([
      { currency: "USD", amount: "10.00" },
      { currency: "CNY", amount: "7.00" },
    ]);
  });
  it("takes an amount out again", () => {
    expect(addToTotals(totals, { currency: "USD", amount: "10.00" }, -1)).toEqual([{ currency: "USD", amount: "0.00" }]);
  });
});
