import type { Reclaim } from "~/api/pools";

/** Whole numbers of days, the earliest warning first; what is no number falls away. */
export const warningsOf = (typed: string[]): number[] => [...new Set(typed.map((it) => Number(it.trim())).filter((it) => Number.isInteger(it) && it >= 1))].sort((a, b) => b - a);

/** A rule more, with a key that none of the others has. */
export function newReclaim(rules: Reclaim[]): Reclaim {
  let number = rules.length + 1;
  while (rules.some((it) => it.key === `rule_${number}`)) number += 1;
  return { key: `rule_${number}`, without: "follow_up", days: 30, warn_days_before: [7, 1] };
}
