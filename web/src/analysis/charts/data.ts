/** Ways to draw figures by groups. */
export const CHART_TYPES = ["column", "bar", "line", "pie", "funnel", "number", "table"] as const;
export type ChartType = (typeof CHART_TYPES)[number];

/** A figure to be drawn. Its number places it; its text says it, exactly. */
export type Point = { key: string; label: string; value: number | null; text: string; /** Where the records behind it are. */ address?: string | null; colour?: string };
/** A group of the chart: one figure, or one for each series. */
export type Group = Point & { series?: Point[] };
export type Series = { key: string; label: string; colour?: string };

export type ChartData = {
  groups: Group[];
  series?: Series[];
  total?: Point;
  /** What the groups are, and what is measured: the heads of the table. */
  heads: { group: string; measure: string };
  /** A number of the axis as text, short. */
  axis: (value: number) => string;
};

/** How a drawing tells of a figure that shall be opened. */
export type OnOpen = (point: Point, title: string) => void;

/** What a figure is, read out: its group, its series. */
export const nameOf = (group: Group, point: Point): string => (point === group ? group.label : `${group.label}, ${point.label}`);

/** The figures of a group: its own, or those of its series. */
export const pointsOf = (group: Group): Point[] => group.series ?? [group];
