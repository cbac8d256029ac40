import type { Language } from "~/api/types";

/** The days as the API names them. */
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** The name of a weekday in the reader's language. 5 January 2026 was a Monday. */
export function weekdayName(day: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2026, 0, 5 + day)));
}

/** The name of a month, 1 to 12. */
export function monthName(month: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2026, month - 1, 1)));
}

/** All time zones that the browser knows, UTC included. */
export function timeZones(): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes("UTC") ? known : ["UTC", ...known];
}

/** Currencies with their names: `EUR – Euro`. */
export function currencies(language: Language): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: "currency" });
  return Intl.supportedValuesOf("currency").map((code) => ({ value: code, label: `${code} – ${names.of(code) ?? code}` }));
}
