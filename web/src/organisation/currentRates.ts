import type { CurrencyRate } from "~/api/types";

/** Rates by currency, the latest day first, with a mark at the one in force on `today`. */
export function ratesInOrder(rates: CurrencyRate[], today: string): (CurrencyRate & { current: boolean })[] {
  const sorted = [...rates].sort((a, b) => a.currency.localeCompare(b.currency) || b.day.localeCompare(a.day));
  const found = new Set<string>();
  return sorted.map((rate) => {
    const current = rate.day <= today && !found.has(rate.currency);
    if (current) found.add(rate.currency);
    return { ...rate, current };
  });
}
