import type { Standing } from "~/api/pipeline";

export const FIGURES = ["count", "amount", "weighted", "average_age_seconds"] as const;
export type StandingFigure = (typeof FIGURES)[number];
/** What a bar may be as long as: ages do not add up. */
export const MEASURES = ["amount", "weighted", "count"] as const satisfies readonly StandingFigure[];
export type Measure = (typeof MEASURES)[number];

/** How much of the most something is, from 0 to 1. Bars may be drawn with rounded numbers; figures never are. */
export const shareOf = (value: string | number | null | undefined, most: number): number => Math.min(1, Math.max(0, Number(value ?? 0) / most)) || 0;

/** The first measure that one may know. */
export function knownMeasure(total: Standing, asked: unknown): Measure {
  const known = MEASURES.filter((measure) => total[measure] !== null && total[measure] !== undefined);
  return known.find((measure) => measure === asked) ?? known[0] ?? "count";
}
