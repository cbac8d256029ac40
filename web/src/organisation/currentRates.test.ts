import { expect, it } from "vitest";
import { ratesByCurrency, ratesInOrder, readRates } from "./currentRates";

it("marks the latest rate that has already begun", () => {
  const rates = [
    { currency: "EUR", day: "2026-01-01", rate: "1.10" },
    { currency: "EUR", day: "2026-06-01", rate: "1.15" },
    { currency: "EUR", day: "2027-01-01", rate: "1.20" },
    { currency: "CNY", day: "2026-01-01", rate: "0.14" },
  ];
  expect(ratesInOrder(rates, "2026-11-23").map((it) => [it.currency, it.day, it.current])).toEqual([
    ["CNY", "2026-01-01", true],
    ["EUR", "2027-01-01", false],
    ["EUR", "2026-06-01", true],
    ["EUR", "2026-01-01", false],
  ]);
});

it("rates are read from pasted lines, whatever divides them", () => {
  const read = readRates("Currency,From,Rate\nEUR, 2026-11-23, 1.08\n2026/1/5\tgbp\t1.27\n\nEUR 1.1\n");
  expect(read.rates).toEqual([{ currency: "EUR", day: "2026-11-23", rate: "1.08" }, { currency: "GBP", day: "2026-01-05", rate: "1.27" }]);
  expect(read.wrong).toEqual([{ line: 5, text: "EUR 1.1" }]);
});

it("each currency shows the rate in force, or the one to come", () => {
  const rates = [{ currency: "EUR", day: "2026-01-01", rate: "1" }, { currency: "EUR", day: "2027-01-01", rate: "2" }, { currency: "GBP", day: "2027-01-01", rate: "3" }];
  expect(ratesByCurrency(rates, "2026-06-01").map((it) => [it.currency, it.shown.rate, it.all.length])).toEqual([["EUR", "1", 2], ["GBP", "3", 1]]);
});
