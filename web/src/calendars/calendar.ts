// Business calendars: when people work.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put } from "~/api/http";

export type Span = { from: string; to: string };
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export type DayKind = "holiday" | "half_day" | "working_day";
export type SpecialDay = { name: string; from: string; to: string; yearly: boolean; kind: DayKind; hours: Span[]; as?: Weekday | null };
export type CalendarDocument = {
  name: string;
  time_zone?: string | null;
  week: Partial<Record<Weekday, Span[]>>;
  days: SpecialDay[];
  /** The organisation's own. */
  standard: boolean;
  departments: string[];
};
export type Refs = Record<string, { object: string; name: string }>;
export type BusinessCalendar = CalendarDocument & { id: string; version: number; refs?: Refs };

const KEY = ["calendars"];

export function useCalendars() {
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => get<{ items: BusinessCalendar[]; refs: Refs }>("/calendars", { signal }) });
}

export function useAfterCalendars() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: KEY });
}

export const newCalendar = (): CalendarDocument => ({
  name: "",
  week: Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, [{ from: "09:00", to: "12:00" }, { from: "13:00", to: "18:00" }]])),
  days: [],
  standard: false,
  departments: [],
});

export const documentOf = ({ name, time_zone, week, days, standard, departments }: CalendarDocument): CalendarDocument => ({ name, time_zone: time_zone ?? null, week, days, standard, departments });

/** Without a version it is a new calendar. */
export const sendCalendar = (calendar: CalendarDocument, stored?: BusinessCalendar) =>
  stored ? put<BusinessCalendar>(`/calendars/${stored.id}`, documentOf(calendar), { ifMatch: stored.version }) : post<BusinessCalendar>("/calendars", documentOf(calendar));

const pad = (n: number) => String(n).padStart(2, "0");
export const isoOf = (year: number, month: number, day: number) => `${year}-${pad(month)}-${pad(day)}`;

/** Monday is 0. */
export function weekdayOf(iso: string): number {
  const [year, month, day] = iso.split("-").map(Number) as [number, number, number];
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}

function holdsOn(day: SpecialDay, iso: string): boolean {
  if (!day.yearly) return day.from <= iso && iso <= day.to;
  const [from, to, place] = [day.from.slice(5), day.to.slice(5), iso.slice(5)];
  // From Christmas over New Year.
  return from <= to ? from <= place && place <= to : place >= from || place <= to;
}

const KINDS: DayKind[] = ["holiday", "half_day", "working_day"];

/** The hours of a day and the special day that says so, where several hold chosen as the server does. */
export function hoursOn(calendar: Pick<CalendarDocument, "week" | "days">, iso: string): { hours: Span[]; special?: SpecialDay } {
  let special: SpecialDay | undefined;
  let rank = -1;
  for (const day of calendar.days) {
    if (!holdsOn(day, iso)) continue;
    const own = KINDS.indexOf(day.kind) * 2 + (day.yearly ? 0 : 1);
    if (own >= rank) [special, rank] = [day, own];
  }
  const ofWeek = (day: Weekday) => calendar.week[day] ?? [];
  const usual = WEEKDAYS[weekdayOf(iso)]!;
  if (!special) return { hours: ofWeek(usual) };
  if (special.kind === "holiday") return { hours: [], special };
  if (special.kind === "working_day" && special.hours.length === 0) return { hours: ofWeek(special.as ?? usual), special };
  return { hours: special.hours, special };
}

export const minutesOf = (clock: string) => Number(clock.slice(0, -3)) * 60 + Number(clock.slice(-2));
export const hoursTogether = (spans: Span[]) => spans.reduce((sum, span) => sum + Math.max(0, minutesOf(span.to) - minutesOf(span.from)), 0) / 60;

/** `9-12, 13:00-18:30` as spans; undefined when it is not that. */
export function readSpans(text: string): Span[] | undefined {
  const spans: Span[] = [];
  for (const part of text.split(/[,;，；、]/).map((it) => it.trim())) {
    if (!part) continue;
    const match = /^(\d{1,2})(?:[:：.](\d{2}))?\s*(?:-|–|—|~|to|至|到)\s*(\d{1,2})(?:[:：.](\d{2}))?$/.exec(part);
    if (!match) return undefined;
    const [, fromHour, fromMinute = "00", toHour, toMinute = "00"] = match;
    const [from, to] = [`${fromHour!.padStart(2, "0")}:${fromMinute}`, `${toHour!.padStart(2, "0")}:${toMinute}`];
    if (Number(fromMinute) > 59 || Number(toMinute) > 59 || minutesOf(to) > 24 * 60 || minutesOf(from) >= minutesOf(to)) return undefined;
    spans.push({ from, to });
  }
  spans.sort((a, b) => a.from.localeCompare(b.from));
  return spans.every((span, at) => at === 0 || spans[at - 1]!.to <= span.from) ? spans : undefined;
}

export const showSpans = (spans: Span[]) => spans.map((span) => `${span.from}–${span.to}`).join(", ");
