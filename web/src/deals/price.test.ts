import { expect, it } from "vitest";
import { differenceOf } from "./price";

const usd = (amount: string) => ({ amount, currency: "USD" });

it.each([
  [usd("90000"), usd("100000"), { by: usd("10000.00"), side: "below", percent: "10" }],
  [usd("106890.55"), usd("100000"), { by: usd("6890.55"), side: "above", percent: "6.9" }],
  [usd("100000"), usd("100000.00"), { by: usd("0.00"), side: "level", percent: "0" }],
  // 0.05 % of ours is half a tenth, and goes up.
  [usd("100050"), usd("100000"), { by: usd("50.00"), side: "above", percent: "0.1" }],
  [usd("5"), usd("0"), { by: usd("5.00"), side: "above", percent: undefined }],
  [{ amount: "900", currency: "JPY" }, { amount: "1000", currency: "JPY" }, { by: { amount: "100", currency: "JPY" }, side: "below", percent: "10" }],
])("%o against %o", (theirs, ours, told) => expect(differenceOf(theirs, ours)).toEqual(told));

it("compares nothing that is not known, nor different currencies", () => {
  expect([differenceOf(null, usd("1")), differenceOf(usd("1"), null), differenceOf(usd("1"), { amount: "1", currency: "EUR" })]).toEqual([undefined, undefined, undefined]);
});
