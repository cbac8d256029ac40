import { today } from "~/ui/format";

export type DayGroup<T> = { day: string; items: T[] };

/** What happened, grouped by the reader's calendar days, in the order given. */
export function byDay<T extends { at: string }>(items: T[], timeZone: string): DayGroup<T>[] {
  const groups: DayGroup<T>[] = [];
  for (const item of items) {
    const day = today(timeZone, new Date(item.at));
    const last = groups.at(-1);
    if (last?.day === day) last.items.push(item);
    else groups.push({ day, items: [item] });
  }
  return groups;
}
