import type { PathStage } from "~/api/types";
import { secondsSince } from "../duration";

/** Time in a stage: for the one in which the deal stands, up to now. The end of a deal takes no time. */
export function secondsIn(stage: PathStage, now: number): number | undefined {
  if (stage.type !== "in_progress") return undefined;
  // Earlier visits in the same run count along, and are in `seconds` up to when the path was read.
  if (stage.state === "current" && stage.entered_at) return Math.max(secondsSince(stage.entered_at, now), stage.seconds ?? 0);
  return stage.seconds ?? undefined;
}

/** The stage in progress that was left last: where a closed deal most likely goes on. The dialog lets one choose another. */
export function lastLeft(running: PathStage[]): PathStage | undefined {
  return running.filter((stage) => stage.reachable).sort((a, b) => (b.left_at ?? "").localeCompare(a.left_at ?? ""))[0];
}
