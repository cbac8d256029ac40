import { useTranslation } from "react-i18next";
import { Chart } from "~/analysis/charts/Chart";
import { ChartTable } from "~/analysis/charts/ChartTable";
import { Drawing } from "~/analysis/charts/Drawing";
import type { ChartData } from "~/analysis/charts/data";
import { ChartFrame } from "~/analysis/ChartFrame";
import { useFigures } from "~/analysis/figures";
import { SPANS, spanOf } from "~/analysis/past/days";
import { useFiscal } from "~/analysis/periods/usePeriods";
import { useAnalysis, type Addresses } from "~/api/analysis";
import { query } from "~/api/http";
import type { Label } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import type { CardProps } from "../kinds";
import { settingText } from "./params";

type Name = Partial<Label> | string | null;
type Activity = {
  kinds: { key: string; label?: Name }[];
  rows: { key: string | null; label?: Name; records: number; behind?: Addresses; kinds: { key: string; records: number; behind?: Addresses }[] }[];
  total: { records: number; behind?: Addresses };
};

/** Calls, visits, e-mails and notes of each person; of this month where the settings name no other period. */
export function ActivityCard({ card }: CardProps) {
  const { t } = useTranslation("home");
  const label = useLabel();
  const language = useLanguage();
  const figures = useFigures();
  const { day, fiscalStart } = useFiscal();
  const span = spanOf(SPANS.find((one) => one === card.settings.span) ?? "thisMonth", day, fiscalStart);
  const address = `/analysis/activity${query({ period: settingText(card.settings.period) ?? `${span.from}..${span.to}` })}`;
  const asked = useAnalysis<Activity>(address);
  const title = card.title ?? t("kinds.activity");
  const data: ChartData | undefined = asked.data && {
    heads: { group: t("person"), measure: t("kinds.activity") },
    axis: (value) => figures.count(value),
    series: asked.data.kinds.map((kind) => ({ key: kind.key, label: label(kind.label) || kind.key })),
    groups: asked.data.rows.map((row) => ({
      key: row.key ?? "",
      label: label(row.label) || t("someone"),
      value: row.records,
      text: figures.count(row.records),
      address: row.behind?.records,
      series: asked.data.kinds.map((kind) => {
        const of = row.kinds.find((one) => one.key === kind.key);
        return { key: kind.key, label: label(kind.label) || kind.key, value: of?.records ?? 0, text: figures.count(of?.records ?? 0), address: of?.behind?.records };
      }),
    })),
    total: { key: "total", label: t("all"), value: asked.data.total.records, text: figures.count(asked.data.total.records), address: asked.data.total.behind?.records },
  };
  return (
    <ChartFrame
      title={title}
      hint={`${formatDay(span.from, language)} – ${formatDay(span.to, language)}`}
      exported={address}
      object="activity"
      bare
      picture={data && ((width) => <Drawing type="bar" data={data} width={width} height={320} label={title} />)}
      table={data && <ChartTable data={data} label={title} />}
      error={data ? undefined : asked.error}
      onRetry={() => void asked.refetch()}
      ready={data !== undefined}
      stale={asked.isPlaceholderData}
    >
      {data && <Chart type="bar" data={data} label={title} />}
    </ChartFrame>
  );
}
