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

type Dated = CurrencyRate & { current: boolean };

/** The rates of each currency: the one in force, or the next, first. */
export function ratesByCurrency(rates: CurrencyRate[], today: string): { currency: string; shown: Dated; all: Dated[] }[] {
  const found = new Map<string, Dated[]>();
  for (const rate of ratesInOrder(rates, today)) found.set(rate.currency, [...(found.get(rate.currency) ?? []), rate]);
  return [...found].map(([currency, all]) => ({ currency, all, shown: all.find((rate) => rate.current) ?? all.at(-1)! }));
}

export type Pasted = { rates: CurrencyRate[]; wrong: { line: number; text: string }[] };

/** Rates typed or copied from a table, one to a line: `EUR, 2026-11-23, 1.08`, in any order of the three. */
export function readRates(text: string): Pasted {
  const read: Pasted = { rates: [], wrong: [] };
  text.split(/\r?\n/).forEach((line, at) => {
    const cells = line.split(/[,;\t，；]|\s+/).map((cell) => cell.trim()).filter(Boolean);
    if (cells.length === 0) return;
    const currency = cells.find((cell) => /^[A-Za-z]{3}$/.test(cell))?.toUpperCase();
    const day = cells.map((cell) => /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(cell)).find(Boolean);
    const rate = cells.find((cell) => /^\d+(\.\d+)?$/.test(cell));
    if (cells.length === 3 && currency && day && rate) read.rates.push({ currency, day: `${day[1]}-${day[2]!.padStart(2, "0")}-${day[3]!.padStart(2, "0")}`, rate });
    // What stands over the columns.
    else if (at > 0 || rate) read.wrong.push({ line: at + 1, text: line.trim() });
  });
  return read;
}
