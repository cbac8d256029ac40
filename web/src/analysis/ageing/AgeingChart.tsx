import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ageingAddress, useAgeing, type Ageing, type AgeingParams } from "~/api/outcomes";
import { useLabel, useLanguage } from "~/i18n";
import { ChartFrame } from "../ChartFrame";
import { Chart } from "../charts/Chart";
import type { ChartData } from "../charts/data";
import { Drawing } from "../charts/Drawing";
import { useFigures } from "../figures";
import { AgeingTable } from "./AgeingTable";
import { useBandName } from "./useBandName";

type Props = { params: AgeingParams; title?: string; bare?: boolean; actions?: ReactNode };

const LINE = 34;
const AROUND = 90;
/** From fresh to old: the darker, the longer it has stood. Told apart by lightness. */
const SHADES = ["color-mix(in srgb, var(--series-2) 22%, var(--surface))", "color-mix(in srgb, var(--series-2) 48%, var(--surface))", "color-mix(in srgb, var(--series-2) 76%, var(--surface))", "color-mix(in srgb, var(--series-2) 80%, var(--ink))"];

/** How long open deals have stood in their stage. */
export function AgeingChart({ params, title, bare, actions }: Props) {
  const { t } = useTranslation("ageing");
  const answer = useAgeing(params);
  const data = answer.data;
  const drawn = useDrawn(data);
  const name = title ?? t("title");
  const height = drawn ? drawn.groups.length * LINE + AROUND : undefined;
  return (
    <ChartFrame
      title={name}
      hint={t("hint")}
      actions={actions}
      bare={bare}
      exported={ageingAddress(params)}
      picture={drawn && drawn.groups.length > 0 ? (width) => <Drawing type="bar" data={drawn} width={width} height={height!} label={name} /> : undefined}
      table={data && data.stages.length > 0 && bare && <AgeingTable data={data} label={name} />}
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
    >
      {drawn && <Chart type="bar" data={drawn} label={name} height={height} />}
      {data && !bare && data.stages.length > 0 && <AgeingTable data={data} label={t("table")} />}
    </ChartFrame>
  );
}

function useDrawn(data: Ageing | undefined): ChartData | undefined {
  const { t } = useTranslation("ageing");
  const label = useLabel();
  const language = useLanguage();
  const figures = useFigures();
  const bandName = useBandName();
  if (!data) return undefined;
  return {
    series: data.bands.map((band, at) => ({ key: band.key, label: bandName(band), colour: SHADES[at % SHADES.length] })),
    heads: { group: t("stage"), measure: t("deals") },
    axis: (value) => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(value),
    groups: data.stages.map((stage) => ({
      key: stage.key ?? "",
      label: label(stage.label) || (stage.key ?? "–"),
      value: stage.count,
      text: figures.count(stage.count),
      series: data.bands.map((band, at) => {
        const of = stage.bands.find((one) => one.key === band.key);
        return { key: band.key, label: bandName(band), value: of?.count ?? 0, text: figures.count(of?.count ?? 0), address: of?.behind?.count, colour: SHADES[at % SHADES.length] };
      }),
    })),
  };
}
