import type { MovedDeals } from "~/api/processes";
import type { Violation } from "~/api/types";

/** A stage that is taken out while deals stand in it. */
export type Occupied = { stage: string; count: number };

/** The stages for whose deals a new place is asked, or was given: what the server still misses, and what it counted of what was given. */
export function occupiedIn(violations: Violation[], moved: MovedDeals[], mapping: Record<string, string>): Occupied[] {
  const found = new Map<string, number>();
  for (const stage of Object.keys(mapping)) found.set(stage, 0);
  for (const { code, params } of violations) if (code === "process.stage_occupied" && typeof params?.["stage"] === "string") found.set(params["stage"], Number(params["count"] ?? 0));
  for (const { stage, count } of moved) found.set(stage, count);
  return [...found].map(([stage, count]) => ({ stage, count })).sort((a, b) => (a.stage < b.stage ? -1 : 1));
}
