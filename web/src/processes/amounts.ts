/** A sum of one currency, exact as the API gives it. */
export interface Amount {
  currency: string;
  amount: string;
}

function split(value: string): { units: bigint; scale: number } {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (!match) throw new Error(`not an amount: ${value}`);
  const fraction = match[3] ?? "";
  const units = BigInt(`${match[2]}${fraction}`);
  return { units: match[1] ? -units : units, scale: fraction.length };
}

/** Exact `a + sign × b` over decimal strings: floating point would lose cents of large sums. */
export function addDecimal(a: string, b: string, sign: 1 | -1 = 1): string {
  const left = split(a);
  const right = split(b);
  const scale = Math.max(left.scale, right.scale);
  const lift = (part: { units: bigint; scale: number }) => part.units * 10n ** BigInt(scale - part.scale);
  const sum = lift(left) + BigInt(sign) * lift(right);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${sum < 0n ? "-" : ""}${whole}${scale ? `.${digits.slice(-scale)}` : ""}`;
}

/** The totals after one amount joined (1) or left (-1) them. Currencies stay apart. */
export function addToTotals(totals: Amount[], amount: Amount, sign: 1 | -1): Amount[] {
  const present = totals.find((total) => total.currency === amount.currency);
  if (!present) return sign === 1 ? [...totals, amount] : totals;
  return totals.map((total) =>
    total === present ? { ...total, amount: addDecimal(total.amount, amount.amount, sign) } : total,
  );
}
