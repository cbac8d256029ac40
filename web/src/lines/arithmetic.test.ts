import { describe, expect, it } from "vitest";
import type { MoneyValue } from "~/api/types";
import { addUp, lineAmount, moneyOf, sumOf, totalsOf } from "./arithmetic";

const money = (amount: string, currency = "USD"): MoneyValue => ({ amount, currency });
const sum = (amount: string, currency = "USD") => sumOf(money(amount, currency))!;

describe("a line's amount", () => {
  // The same cases as the server's own test.
  it.each([
    ["3", "19.99", "USD", null, "59.97"],
    ["3", "19.99", "USD", "10", "53.97"],
    ["1", "0.05", "USD", "50", "0.03"],
    ["0.5", "333", "JPY", null, "167"],
    ["-1", "0.05", "USD", "50", "-0.03"],
    ["2.5", "1.005", "KWD", "33.33", "1.675"],
    ["1", "10", "USD", "100", "0.00"],
  ])("is exact: %s × %s %s − %s", (quantity, price, currency, discount, amount) => {
    expect(moneyOf(lineAmount(money(price, currency), quantity, discount)!)).toEqual({ amount, currency });
  });

  it("is rounded once, from the exact product, whatever the size", () => {
    expect(moneyOf(lineAmount(money("99999999999.9999"), "1.000001", "0.01")!).amount).toBe("99990099990.00");
    expect(moneyOf(lineAmount(money("0.0049"), "1", null)!).amount).toBe("0.00");
    expect(moneyOf(lineAmount(money("1.005"), "1", null)!).amount).toBe("1.01");
  });

  it("is none without a price or a quantity, or with what is no number", () => {
    expect(lineAmount(null, "1", null)).toBeUndefined();
    expect(lineAmount(money("1"), null, null)).toBeUndefined();
    expect(lineAmount(money("1"), "many", null)).toBeUndefined();
    expect(lineAmount(money("1"), "1", "x")).toBeUndefined();
  });
});

describe("totals", () => {
  it("never mix currencies", () => {
    expect(addUp([sum("1.10"), undefined, sum("5", "EUR"), sum("2.20")]).map(moneyOf)).toEqual([money("5.00", "EUR"), money("3.30")]);
  });

  it("round each figure, so that what is printed adds up", () => {
    const totals = totalsOf(sum("1234.57", "EUR"), sum("1500", "EUR"), "7.5", "19");
    // 1234.57 × 0.925 = 1141.97725; × 0.19 of the rounded 1141.98 = 216.9762.
    expect(moneyOf(totals.subtotal).amount).toBe("1141.98");
    expect(moneyOf(totals.discount).amount).toBe("-92.59");
    expect(moneyOf(totals.tax).amount).toBe("216.98");
    expect(moneyOf(totals.total).amount).toBe("1358.96");
    // (1 − 1141.98 / 1500) × 100
    expect(totals.offList).toBe("23.87");
  });

  it("are the lines where neither discount nor tax is said", () => {
    const totals = totalsOf(sum("10"), sum("0"), null, null);
    expect([moneyOf(totals.total).amount, moneyOf(totals.tax).amount, totals.offList]).toEqual(["10.00", "0.00", undefined]);
  });
});
