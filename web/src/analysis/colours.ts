/** Colours of series that stand beside each other, told apart by the colour-blind too: by lightness as well as by hue. Of theme.css. */
export const SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)", "var(--series-5)", "var(--series-6)", "var(--series-7)", "var(--series-8)"] as const;

/** The colour of the nth series; beyond the last they begin again. */
export const seriesColour = (index: number): string => SERIES[index % SERIES.length]!;

/** What became of deals in a stage. */
export const PARTS = ["transitioned", "retained", "lost"] as const;
export type Part = (typeof PARTS)[number];
