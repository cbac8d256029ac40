// What somebody else asks for, beside what we ask for.
import type { MoneyValue, Value } from "~/api/types";
import { moneyOf, sumOf } from "~/lines/arithmetic";

export type Difference = {
  /** How far apart, whichever way. */
  by: MoneyValue;
  /** Theirs is dearer, cheaper, or the same. */
  side: "above" | "below" | "level";
  /** Of our price, to a tenth; absent where ours is nothing. */
  percent?: string;
};

/** Their price against ours; nothing where one is not known or they are in different currencies, for these are not compared. */
export function differenceOf(theirs: Value, ours: Value): Difference | undefined {
  const [their, our] = [sumOf(theirs), sumOf(ours)];
  if (!their || !our || their.currency !== our.currency) return undefined;
  const gap = their.units - our.units;
  const size = gap < 0n ? -gap : gap;
  // Tenths of a percent, half up.
  const tenths = our.units > 0n ? (size * 2000n + our.units) / (our.units * 2n) : undefined;
  return {
    by: moneyOf({ units: size, currency: our.currency }),
    side: gap > 0n ? "above" : gap < 0n ? "below" : "level",
    percent: tenths === undefined ? undefined : tenths % 10n === 0n ? `${tenths / 10n}` : `${tenths / 10n}.${tenths % 10n}`,
  };
}
