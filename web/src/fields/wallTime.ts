/** `2026-11-23T15:48` as a clock on the wall in that time zone shows the instant. */
export function wallOfInstant(instant: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(
    new Date(instant),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((it) => it.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The instant at which the wall shows that time; in the hour that summer time skips, the one right after. */
export function instantOfWall(wall: string, timeZone: string): string {
  const asked = Date.parse(`${wall}:00Z`);
  let instant = asked;
  // The offset belongs to the instant that is being looked for, so it is corrected once more with the offset found there.
  for (let round = 0; round < 2; round++) {
    const shown = Date.parse(`${wallOfInstant(new Date(instant).toISOString(), timeZone)}:00Z`);
    instant += asked - shown;
  }
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
}
