import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useWinLoss, winLossAddress, type WinLoss, type WinLossParams } from "~/api/outcomes";
import { useLabel, useLanguage } from "~/i18n";
import { ChartFrame } from "../ChartFrame";
import { Chart } from "../charts/Chart";
import type { ChartData, Series } from "../charts/data";
import { Drawing } from "../charts/Drawing";
import { useFigures } from "../figures";
import { WinLossTable } from "./WinLossTable";

type Props = { params: WinLossParams; title?: string; bare?: boolean; actions?: ReactNode };

const LINE = 34;
const AROUND = 90;

/** How many deals were won and lost, by why, against whom or where from. */
export function WinLossChart({ params, title, bare, actions }: Props) {
  const { t } = useTranslation("winLoss");
  const answer = useWinLoss(params);
  const data = answer.data;
  const drawn = useDrawn(data, params.by);
  const name = title ?? t("title", { by: t(`by.${params.by}`).toLowerCase() });
  const height = drawn ? drawn.groups.length * LINE + AROUND : undefined;
  return (
    <ChartFrame
      title={name}
      actions={actions}
      bare={bare}
      exported={winLossAddress(params)}
      picture={drawn && drawn.groups.length > 0 ? (width) => <Drawing type="bar" data={drawn} width={width} height={height!} label={name} /> : undefined}
      table={data && data.rows.length > 0 && <WinLossTable data={data} label={name} by={params.by} />}
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
    >
      {drawn && <Chart type="bar" data={drawn} label={name} height={height} />}
    </ChartFrame>
  );
}

function useDrawn(data: WinLoss | undefined, by: WinLossParams["by"]): ChartData | undefined {
  const { t } = useTranslation("winLoss");
  const label = useLabel();
  const language = useLanguage();
  const figures = useFigures();
  if (!data) return undefined;
  const series: Series[] = [
    { key: "won", label: t("won"), colour: "var(--stage-won)" },
    { key: "lost", label: t("lost"), colour: "var(--series-2)" },
  ];
  return {
    series,
    heads: { group: t(`by.${by}`), measure: t("deals") },
    axis: (value) => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(value),
    groups: data.rows.map((row) => ({
      key: row.rest ? "rest" : (row.key ?? ""),
      label: row.rest ? t("others") : label(row.label) || t("none"),
      value: row.won + row.lost,
      text: figures.count(row.won + row.lost),
      series: series.map((one) => {
        const value = row[one.key as "won" | "lost"];
        return { ...one, value, text: figures.count(value), address: row.behind?.[one.key] };
      }),
    })),
  };
}
