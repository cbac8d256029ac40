/** Units in which time in a stage is told. */
export type DurationUnit = "day" | "hour" | "minute" | "second";

const SECONDS: [DurationUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const MANY_DAYS = 10;

/** The two largest units that say something: 93 600 seconds are 1 day and 2 hours; beyond ten days the hours say nothing more. */
export function durationParts(seconds: number): { unit: DurationUnit; count: number }[] {
  let rest = Math.max(0, Math.floor(seconds));
  const first = SECONDS.findIndex(([, size]) => rest >= size);
  if (first === -1) return [{ unit: "second", count: 0 }];
  const parts: { unit: DurationUnit; count: number }[] = [];
  const shown = rest >= MANY_DAYS * 86_400 ? 1 : 2;
  for (const [unit, size] of SECONDS.slice(first, first + shown)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push({ unit, count });
  }
  return parts;
}

/** Seconds from `from` (an instant) to `now`; never negative, since clocks of browsers differ. */
export function secondsSince(from: string, now: number): number {
  const start = Date.parse(from);
  return Number.isNaN(start) ? 0 : Math.max(0, Math.floor((now - start) / 1000));
}

/** Days and hours as the stage settings show them. */
export function toDaysAndHours(seconds: number | null | undefined): { days: number; hours: number } {
  const hours = Math.round((seconds ?? 0) / 3600);
  return { days: Math.floor(hours / 24), hours: hours % 24 };
}

/** Back from days and hours; nothing typed means no limit. */
export function fromDaysAndHours(days: number, hours: number): number | undefined {
  const seconds = days * 86_400 + hours * 3_600;
  return seconds > 0 ? seconds : undefined;
}
