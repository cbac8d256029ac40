import type { Slip } from "~/api/slips";
import type { TimelineItem } from "~/api/timeline";

export type Told = TimelineItem & { slips?: Slip[] };

/** Slips are told with the change by which they came about, where that is told too. */
export function withSlips(items: TimelineItem[]): Told[] {
  const changes = new Set(items.filter((item) => CHANGES.includes(item.kind)).map(placeOf));
  const slips = new Map<string, Slip[]>();
  const told: Told[] = [];
  for (const item of items) {
    if (item.slip && changes.has(placeOf(item))) slips.set(placeOf(item), [...(slips.get(placeOf(item)) ?? []), item.slip]);
    else told.push(item);
  }
  return told.map((item) => (CHANGES.includes(item.kind) && slips.has(placeOf(item)) ? { ...item, slips: slips.get(placeOf(item)) } : item));
}

const CHANGES = ["change", "stage", "process", "owner"];
const placeOf = (item: TimelineItem) => `${item.record_id} ${item.at}`;
