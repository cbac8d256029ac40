const UNITS: [Intl.NumberFormatOptions["unit"] & string, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long something took, in the largest unit that fits, and the next one where it says something. */
export function tookWords(seconds: number, language: string): string {
  const show = (n: number, unit: string) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(n);
  const at = UNITS.findIndex(([, length]) => seconds >= length);
  if (at < 0) return show(Math.max(0, Math.round(seconds)), "second");
  const [unit, length] = UNITS[at]!;
  const whole = Math.floor(seconds / length);
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((seconds - whole * length) / next[1]) : 0;
  return next && rest > 0 && whole < 10 ? `${show(whole, unit)} ${show(rest, next[0])}` : show(whole, unit);
}
