import { Bars } from "./Bars";
import { Columns, type DrawingProps } from "./Columns";
import type { ChartType } from "./data";
import { Funnel } from "./Funnel";
import { Lines } from "./Lines";
import { Pie } from "./Pie";

const DRAWN = { column: Columns, bar: Bars, line: Lines, pie: Pie, funnel: Funnel } as const;

/** The chart as a drawing of a size; a number and a table are drawn as bars where a picture is asked for. */
export function Drawing({ type, ...rest }: DrawingProps & { type: ChartType }) {
  const Drawn = DRAWN[type as keyof typeof DRAWN] ?? Bars;
  return <Drawn {...rest} />;
}
