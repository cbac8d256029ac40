import type { Change, Waterfall, WaterfallPart } from "~/api/past";
import type { Standing } from "~/api/pipeline";
import type { Measure } from "../pipeline/standing";

/** What is told even where it has not happened; the rest only where it has. */
const ALWAYS: ReadonlySet<WaterfallPart> = new Set(["new", "grown", "shrunk", "won", "lost"]);

export type Step = {
  key: "opening" | "closing" | WaterfallPart;
  /** The figures as the server gives them. */
  of: Standing | Change;
  deals: number;
  /** Where the bar begins and ends, in what is measured. Drawn with rounded numbers; no figure is reckoned from them. */
  from: number;
  to: number;
};

/** The steps from how it stood to how it stands. */
export function stepsOf(waterfall: Waterfall, measure: Measure): Step[] {
  const value = (of: Standing | Change) => Number(of[measure] ?? 0);
  let at = value(waterfall.opening);
  const steps: Step[] = [{ key: "opening", of: waterfall.opening, deals: waterfall.opening.count, from: 0, to: at }];
  for (const change of waterfall.parts) {
    const from = at;
    at += value(change);
    if (change.deals > 0 || ALWAYS.has(change.part)) steps.push({ key: change.part, of: change, deals: change.deals, from, to: at });
  }
  steps.push({ key: "closing", of: waterfall.closing, deals: waterfall.closing.count, from: 0, to: value(waterfall.closing) });
  return steps;
}

/** From where to where a drawing of the steps must reach. */
export function reachOf(steps: Step[]): { least: number; most: number } {
  const ends = steps.flatMap((step) => [step.from, step.to]);
  const least = Math.min(0, ...ends);
  return { least, most: Math.max(least + 1, ...ends) };
}

export type Tone = "stands" | "won" | "more" | "less" | "same";

export function toneOf({ key, from, to }: Step): Tone {
  if (key === "opening" || key === "closing") return "stands";
  if (key === "won") return "won";
  return to > from ? "more" : to < from ? "less" : "same";
}
