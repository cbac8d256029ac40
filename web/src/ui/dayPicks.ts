import { instantOfWall, wallOfInstant } from "~/fields/wallTime";
import { addDays, today } from "./format";

/** A day offered by one press, by the word for it. */
export type DayPick = { key: "today" | "tomorrow" | "threeDays" | "nextWeek"; day: string };

const MONDAY = 1;
const WEEK = 7;
const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay();

/** Days until the next one of that weekday, never today. */
const daysUntil = (from: string, to: number) => (to - weekday(from) + WEEK - 1) % WEEK + 1;

/** The organisation's first day of the week as a number, Sunday being 0. */
export function weekStartOf(week_start: string | number): number {
  if (typeof week_start === "number") return week_start % WEEK;
  const at = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"].indexOf(week_start.toLowerCase());
  return at < 0 ? MONDAY : at;
}

export function dayPicks(day: string): DayPick[] {
  return [
    { key: "today", day },
    { key: "tomorrow", day: addDays(day, 1) },
    { key: "threeDays", day: addDays(day, 3) },
    { key: "nextWeek", day: addDays(day, daysUntil(day, MONDAY)) },
  ];
}

/** The last day of the week in which a day lies. */
export const endOfWeek = (day: string, weekStart: number) => addDays(day, daysUntil(day, weekStart) - 1);

const CLOSING = "18:00";
const LAST_MINUTE = "23:59";

/** When something for that day is due: at the end of the working day, or of the day itself where that is past. */
export function dueOn(day: string, timeZone: string, now = new Date()): string {
  const due = instantOfWall(`${day}T${CLOSING}`, timeZone);
  return Date.parse(due) > now.getTime() ? due : instantOfWall(`${day}T${LAST_MINUTE}`, timeZone);
}

/** That day at the hour that an instant has, so that what is put off keeps its time. */
export function sameHourOn(day: string, instant: string | null | undefined, timeZone: string, now = new Date()): string {
  if (!instant) return dueOn(day, timeZone, now);
  const moved = instantOfWall(`${day}T${wallOfInstant(instant, timeZone).slice(11)}`, timeZone);
  return Date.parse(moved) > now.getTime() ? moved : dueOn(day, timeZone, now);
}

export type Span = "overdue" | "today" | "week" | "later" | "none";

/** Where something due then stands in what waits for one. */
export function spanOf(due: string | null | undefined, timeZone: string, weekStart: number, now = new Date()): Span {
  if (!due) return "none";
  const at = new Date(due);
  if (at.getTime() < now.getTime()) return "overdue";
  const day = today(timeZone, at);
  const present = today(timeZone, now);
  if (day <= present) return "today";
  return day <= endOfWeek(present, weekStart) ? "week" : "later";
}
