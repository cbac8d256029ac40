import type { ReactNode } from "react";
import { figuresAddress, useFiguresOf, type ChartDocument } from "~/api/charts";
import { ChartFrame } from "../ChartFrame";
import { Chart } from "./Chart";
import { ChartTable } from "./ChartTable";
import { Drawing } from "./Drawing";
import { useChartData } from "./useChartData";

type Props = { chart: ChartDocument; title: string; hint?: string; height?: number; bare?: boolean; actions?: ReactNode };

/** A chart of one's own with its figures. */
export function OwnChartView({ chart, title, hint, height, bare, actions }: Props) {
  const asked = useFiguresOf(chart);
  const data = useChartData(chart, asked.data);
  const drawn = chart.chart_type !== "table" && chart.chart_type !== "number";
  return (
    <ChartFrame
      title={title}
      hint={hint}
      actions={actions}
      bare={bare}
      object={chart.object}
      exported={figuresAddress(chart)}
      picture={data && data.groups.length > 0 ? (width) => <Drawing type={chart.chart_type} data={data} width={width} height={380} label={title} /> : undefined}
      table={data && drawn ? <ChartTable data={data} label={title} /> : undefined}
      error={asked.data ? undefined : asked.error}
      onRetry={() => void asked.refetch()}
      ready={data !== undefined}
      stale={asked.isPlaceholderData}
    >
      {data && <Chart type={chart.chart_type} data={data} label={title} height={height} />}
    </ChartFrame>
  );
}
