import type { Language, MoneyValue } from "~/api/types";

const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

// Intl objects are dear to make and a table formats thousands of values, so each is made once.
function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: () => T): T {
  let formatter = formatters.get(key) as T | undefined;
  if (!formatter) formatters.set(key, (formatter = make()));
  return formatter;
}

/** Formats an exact decimal string without passing through a float. */
export function formatDecimal(value: string | number, language: Language, digits?: number): string {
  const formatter = kept(`n${language}${digits}`, () =>
    new Intl.NumberFormat(language, digits === undefined ? { maximumFractionDigits: 10 } : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  return formatter.format(value as Intl.StringNumericLiteral);
}

/** `US$1,054.00`; whole amounts go without decimals where `short` is set, as in columns and totals. */
export function formatMoney(money: MoneyValue, language: Language, short = false): string {
  const whole = short && /^-?\d+(\.0*)?$/.test(money.amount);
  try {
    const formatter = kept(`m${language}${money.currency}${whole}`, () =>
      new Intl.NumberFormat(language, { style: "currency", currency: money.currency, currencyDisplay: "symbol", ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}) }),
    );
    return formatter.format(money.amount as Intl.StringNumericLiteral);
  } catch {
    return `${money.currency} ${money.amount}`;
  }
}

/** A sum at a glance: `$1.2M`. The exact one belongs in its title. */
export function formatMoneyCompact(money: MoneyValue, language: Language): string {
  try {
    const formatter = kept(`c${language}${money.currency}`, () =>
      new Intl.NumberFormat(language, { style: "currency", currency: money.currency, currencyDisplay: "symbol", notation: "compact", maximumFractionDigits: 1 }),
    );
    return formatter.format(money.amount as Intl.StringNumericLiteral);
  } catch {
    return `${money.currency} ${money.amount}`;
  }
}

export function formatInstant(instant: string, language: Language, timeZone: string): string {
  return kept(`i${language}${timeZone}`, () => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone })).format(new Date(instant));
}

/** The time of day. */
export function formatClock(instant: string, language: Language, timeZone: string): string {
  return kept(`t${language}${timeZone}`, () => new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone })).format(new Date(instant));
}

/** A calendar day has no time zone: it is the same day wherever it is read. */
export function formatDay(day: string, language: Language): string {
  return kept(`d${language}`, () => new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" })).format(new Date(`${day}T00:00:00Z`));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/** `3 days ago`, `in 2 weeks`; under a minute `undefined`, for the caller to say "now". */
export function formatRelative(instant: string, language: Language, now = Date.now()): string | undefined {
  const seconds = (new Date(instant).getTime() - now) / 1000;
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
  if (!step) return undefined;
  return kept(`r${language}`, () => new Intl.RelativeTimeFormat(language, { numeric: "auto" })).format(Math.trunc(seconds / step[1]), step[0]);
}

/** Today as a calendar day in the reader's time zone. */
export function today(timeZone: string, now = new Date()): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
