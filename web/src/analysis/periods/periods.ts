import type { Language } from "~/api/types";

export type Length = "month" | "quarter" | "year";
export const LENGTHS: Length[] = ["month", "quarter", "year"];

/** `2026-11`, `2026-Q4` or `2026`; quarters and years are those of the fiscal year, which bears the number of the year in which it begins. */
export type Period = string;

const SHAPE = /^(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?$/;

export const isPeriod = (text: unknown): text is Period => typeof text === "string" && SHAPE.test(text);

function read(period: Period): { year: number; length: Length; n: number } {
  const [, year, month, quarter] = SHAPE.exec(period) ?? [];
  return { year: Number(year), length: month ? "month" : quarter ? "quarter" : "year", n: Number(month ?? quarter ?? 1) };
}

function written(length: Length, year: number, n: number): Period {
  const four = String(year).padStart(4, "0");
  return length === "month" ? `${four}-${String(n).padStart(2, "0")}` : length === "quarter" ? `${four}-Q${n}` : four;
}

export const lengthOf = (period: Period): Length => read(period).length;

/** The one in which a day lies. */
export function periodAt(length: Length, day: string, fiscalStart: number): Period {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  if (length === "month") return written("month", year, month);
  const fiscal = month < fiscalStart ? year - 1 : year;
  return written(length, fiscal, Math.floor(((month - fiscalStart + 12) % 12) / 3) + 1);
}

/** The one so many behind it; before it where that is negative. */
export function plus(period: Period, many: number): Period {
  const { year, length, n } = read(period);
  const size = { month: 12, quarter: 4, year: 1 }[length];
  const place = year * size + n - 1 + many;
  return written(length, Math.floor(place / size), (((place % size) + size) % size) + 1);
}

/** Its first and its last day. */
export function daysOf(period: Period, fiscalStart: number): { first: string; last: string } {
  const { year, length, n } = read(period);
  const month = length === "month" ? n : length === "quarter" ? fiscalStart + 3 * (n - 1) : fiscalStart;
  const months = { month: 1, quarter: 3, year: 12 }[length];
  const day = (at: number, date: number) => new Date(Date.UTC(year, at - 1, date)).toISOString().slice(0, 10);
  return { first: day(month, 1), last: day(month + months, 0) };
}

/** The same time seen at another length: the quarter of a month, the first month of a quarter unless `day` lies in it. */
export function seenAs(period: Period, length: Length, day: string, fiscalStart: number): Period {
  const { first, last } = daysOf(period, fiscalStart);
  return periodAt(length, day >= first && day <= last ? day : first, fiscalStart);
}

/** The months of a period, in order. */
export function monthsOf(period: Period, fiscalStart: number): Period[] {
  const { first } = daysOf(period, fiscalStart);
  const months = { month: 1, quarter: 3, year: 12 }[lengthOf(period)];
  return Array.from({ length: months }, (_, at) => plus(periodAt("month", first, fiscalStart), at));
}

/** As one says it: `Nov 2026`, `Q4 2026`; a fiscal year that does not begin with January bears both numbers. */
export function periodName(period: Period, language: Language, fiscalStart: number, long = false): string {
  const { year, length, n } = read(period);
  if (length === "month") return new Intl.DateTimeFormat(language, { month: long ? "long" : "short", year: "numeric", timeZone: "UTC" }).format(new Date(Date.UTC(year, n - 1, 1)));
  const shown = fiscalStart === 1 ? String(year) : `${year}/${String((year + 1) % 100).padStart(2, "0")}`;
  if (length === "year") return language === "zh-CN" ? `${shown}年` : fiscalStart === 1 ? shown : `FY ${shown}`;
  return language === "zh-CN" ? `${shown}年第${n}季度` : `Q${n} ${shown}`;
}
