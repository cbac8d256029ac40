import { expect, it } from "vitest";
import { ratesInOrder } from "./currentRates";

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
