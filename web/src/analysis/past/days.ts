import { daysOf, periodAt, plus, type Length } from "../periods/periods";
import { addDays } from "~/ui/format";

/** The last day of the period before the one in which a day lies. */
export const endOfLast = (length: Length, day: string, fiscalStart: number): string => daysOf(plus(periodAt(length, day, fiscalStart), -1), fiscalStart).last;

export const PAST_DAYS = ["week", "month", "lastMonth", "lastQuarter", "lastYear"] as const;
export type PastDay = (typeof PAST_DAYS)[number];

/** Days with which one likes to compare. */
export function pastDay(pick: PastDay, day: string, fiscalStart: number): string {
  switch (pick) {
    case "week":
      return addDays(day, -7);
    case "month":
      return addDays(day, -30);
    case "lastMonth":
      return endOfLast("month", day, fiscalStart);
    case "lastQuarter":
      return endOfLast("quarter", day, fiscalStart);
    case "lastYear":
      return endOfLast("year", day, fiscalStart);
  }
}

export const SPANS = ["week", "thisMonth", "thisQuarter", "lastMonth", "lastQuarter"] as const;
export type Span = (typeof SPANS)[number];

/** From the end of which day to the end of which: a month is told from how it was when the last one ended. */
export function spanOf(pick: Span, day: string, fiscalStart: number): { from: string; to: string } {
  switch (pick) {
    case "week":
      return { from: addDays(day, -7), to: day };
    case "thisMonth":
      return { from: endOfLast("month", day, fiscalStart), to: day };
    case "thisQuarter":
      return { from: endOfLast("quarter", day, fiscalStart), to: day };
    case "lastMonth":
    case "lastQuarter": {
      const to = endOfLast(pick === "lastMonth" ? "month" : "quarter", day, fiscalStart);
      return { from: endOfLast(pick === "lastMonth" ? "month" : "quarter", to, fiscalStart), to };
    }
  }
}

export const isDay = (text: unknown): text is string => typeof text === "string" && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
