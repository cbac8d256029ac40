import { useTranslation } from "react-i18next";
import { OwnChartView } from "~/analysis/charts/OwnChartView";
import { useOwnChart, type ChartDocument } from "~/api/charts";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import type { CardProps } from "../kinds";

const ROW = 80;
const AROUND = 108;

/** A chart of one's own: kept under a name, or described by the card itself. */
export function ChartCard({ card }: CardProps) {
  const { t } = useTranslation("home");
  const id = typeof card.settings.chart === "string" ? card.settings.chart : undefined;
  const kept = useOwnChart(id);
  const chart = id === undefined ? (card.settings.chart as ChartDocument | undefined) : kept.data?.chart;
  if (kept.isError) return <ErrorState compact error={kept.error} onRetry={() => void kept.refetch()} />;
  if (!chart) return <RowSkeletons rows={4} />;
  return <OwnChartView chart={chart} title={card.title ?? kept.data?.name ?? t("kinds.chart")} hint={kept.data?.description ?? undefined} height={Math.max(120, card.height * ROW - AROUND)} bare />;
}
