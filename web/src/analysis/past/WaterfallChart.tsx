import { SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useWaterfall, waterfallAddress, type WaterfallParams } from "~/api/past";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { ChartFrame } from "../ChartFrame";
import { useFigures } from "../figures";
import { knownMeasure, MEASURES, type Measure } from "../pipeline/standing";
import classes from "./past.module.css";
import { stepsOf, type Step } from "./waterfall";
import { WaterfallPicture } from "./WaterfallPicture";
import { WaterfallTable } from "./WaterfallTable";

type Props = { params: WaterfallParams; measure?: Measure; onMeasure?: (measure: Measure) => void; title?: string; bare?: boolean; actions?: ReactNode };

/** What became of the pipeline between two days: how it stood, what came, what went, how it stands. */
export function WaterfallChart({ params, measure: asked, onMeasure, title, bare, actions }: Props) {
  const { t } = useTranslation("past");
  const words = useTranslation("pipeline").t;
  const language = useLanguage();
  const figures = useFigures();
  const answer = useWaterfall(params, params.from <= params.to);
  const data = answer.data;
  const measure = data ? knownMeasure(data.opening, asked) : "amount";
  const name = title ?? t("waterfallTitle", { from: formatDay(params.from, language), to: formatDay(params.to, language) });
  const nameOf = (step: Step) => (step.key === "opening" || step.key === "closing" ? t(step.key, { day: formatDay(step.key === "opening" ? params.from : params.to, language) }) : t(`parts.${step.key}`));
  const textOf = (step: Step) => (measure === "count" ? figures.count(step.of.count) : figures.amount(step.of[measure], data?.main_currency ?? "USD"));
  if (params.from > params.to) return <p className={classes.nothing}>{t("wrongWay")}</p>;
  return (
    <ChartFrame
      title={name}
      hint={t("waterfallHint")}
      actions={
        <>
          {actions}
          {onMeasure && data && data.opening.amount != null && (
            <SegmentedControl size="xs" aria-label={words("measure")} value={measure} onChange={(next) => onMeasure(next as Measure)} data={MEASURES.map((one) => ({ value: one, label: words(`figures.${one}`) }))} />
          )}
        </>
      }
      bare={bare}
      exported={waterfallAddress(params)}
      picture={data && ((width) => <WaterfallPicture steps={stepsOf(data, measure)} width={width} nameOf={nameOf} textOf={textOf} />)}
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
    >
      {data && <WaterfallTable data={data} label={name} measure={measure} />}
    </ChartFrame>
  );
}
