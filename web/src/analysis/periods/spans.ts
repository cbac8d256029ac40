import { daysOf, type Period } from "./periods";

/** The days of a period as analyses are asked for them. */
export function spanText(period: Period, fiscalStart: number): string {
  const { first, last } = daysOf(period, fiscalStart);
  return `${first}..${last}`;
}
