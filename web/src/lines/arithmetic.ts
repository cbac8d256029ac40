// Exact reckoning of lines and totals, in whole numbers, with the server's own rounding: half up to the coin, each figure once.
import type { MoneyValue, Value } from "~/api/types";
import { scaled } from "~/fields/decimals";

/** Amounts are kept in ten-thousandths, numbers and percents in millionths. */
const AMOUNT = 4;
const NUMBER = 6;
const HUNDRED = 100n * 10n ** BigInt(NUMBER);

// ISO 4217. The browser's own table follows local habits in some currencies, the server's does not.
const DIGITS: Record<string, number> = Object.fromEntries([
  ...["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"].map((code) => [code, 0]),
  ...["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map((code) => [code, 3]),
  ...["CLF", "UYW"].map((code) => [code, 4]),
]);

/** Digits after the point in the smallest coin: 2 for USD, 0 for JPY, 3 for KWD. */
export const digitsOf = (currency: string) => DIGITS[currency] ?? 2;

/** `n / d` rounded half away from zero; `d` is positive. */
function halfUp(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  const rest = n % d;
  return (rest < 0n ? -rest : rest) * 2n >= d ? quotient + (n < 0n ? -1n : 1n) : quotient;
}

function shown(n: bigint, scale: number, least: number): string {
  const size = (n < 0n ? -n : n).toString().padStart(scale + 1, "0");
  const whole = size.slice(0, size.length - scale);
  let fraction = scale > 0 ? size.slice(-scale) : "";
  while (fraction.length > least && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  return `${n < 0n ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}

/** An exact amount: ten-thousandths of a currency. */
export type Sum = { units: bigint; currency: string };

const coin = (currency: string) => 10n ** BigInt(AMOUNT - digitsOf(currency));

export function sumOf(value: Value): Sum | undefined {
  if (!value || typeof value !== "object" || !("amount" in value)) return undefined;
  const units = scaled(value.amount, AMOUNT);
  return units === undefined ? undefined : { units, currency: value.currency };
}

export const moneyOf = ({ units, currency }: Sum): MoneyValue => ({ amount: shown(units, AMOUNT, digitsOf(currency)), currency });

/** `sum × part / of`, rounded to the coin. */
function share({ units, currency }: Sum, part: bigint, of: bigint): Sum {
  const step = coin(currency);
  return { units: halfUp(units * part, of * step) * step, currency };
}

/** What a line comes to: quantity × price × (1 − discount); nothing without a price or a quantity. */
export function lineAmount(price: Value, quantity: Value, discount: Value): Sum | undefined {
  const sum = sumOf(price);
  const count = scaled(quantity, NUMBER);
  const off = discount === null || discount === undefined || discount === "" ? 0n : scaled(discount, NUMBER);
  if (!sum || count === undefined || off === undefined) return undefined;
  return share(sum, count * (HUNDRED - off), 10n ** BigInt(NUMBER) * HUNDRED);
}

/** Sums per currency: what is in several is never one figure. */
export function addUp(sums: Iterable<Sum | undefined>): Sum[] {
  const byCurrency = new Map<string, bigint>();
  for (const sum of sums) if (sum) byCurrency.set(sum.currency, (byCurrency.get(sum.currency) ?? 0n) + sum.units);
  return [...byCurrency].map(([currency, units]) => ({ units, currency })).sort((a, b) => a.currency.localeCompare(b.currency));
}

export type Totals = { lines: Sum; discount: Sum; subtotal: Sum; tax: Sum; total: Sum; list: Sum; offList?: string };

/** What a quote or an order comes to, from the sums of its lines at their prices and at list prices. */
export function totalsOf(lines: Sum, list: Sum, discount: Value, taxRate: Value): Totals {
  const off = scaled(discount ?? "0", NUMBER) ?? 0n;
  const subtotal = share(lines, HUNDRED - off, HUNDRED);
  const tax = share(subtotal, scaled(taxRate ?? "0", NUMBER) ?? 0n, HUNDRED);
  const percent = list.units > 0n ? shown(halfUp((list.units - subtotal.units) * 10_000n, list.units), 2, 0) : undefined;
  const { currency } = lines;
  return { lines, discount: { units: subtotal.units - lines.units, currency }, subtotal, tax, total: { units: subtotal.units + tax.units, currency }, list, offList: percent };
}
