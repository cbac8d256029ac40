import type { ReactNode } from "react";
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { pipelineAddress, usePipeline, type Pipeline, type PipelineParams } from "~/api/pipeline";
import { useLabel } from "~/i18n";
import { ChartFrame } from "../ChartFrame";
import classes from "./pipeline.module.css";
import { knownMeasure, MEASURES, type Measure } from "./standing";
import { StandingPicture } from "./StandingPicture";
import { StandingTable } from "./StandingTable";
import { useStandingText } from "./useStandingText";

type Props = { params: PipelineParams; measure?: Measure; onMeasure?: (measure: Measure) => void; title?: string; bare?: boolean; actions?: ReactNode };

/** The deals in progress, divided by stage or by whatever else. */
export function PipelineChart({ params, measure: asked, onMeasure, title, bare, actions }: Props) {
  const { t } = useTranslation("pipeline");
  const answer = usePipeline(params);
  const data = answer.data;
  const measure = data ? knownMeasure(data.total, asked) : "amount";
  const rows = usePictureRows(data, measure);
  const name = title ?? t("title", { by: t(`by.${params.by}`).toLowerCase() });
  return (
    <ChartFrame
      title={name}
      hint={data && measure === "amount" && data.rows.length > 0 ? t("bars") : undefined}
      actions={
        <>
          {actions}
          {onMeasure && data && data.total.amount != null && (
            <SegmentedControl size="xs" aria-label={t("measure")} value={measure} onChange={(next) => onMeasure(next as Measure)} data={MEASURES.map((one) => ({ value: one, label: t(`figures.${one}`) }))} />
          )}
        </>
      }
      bare={bare}
      exported={pipelineAddress(params)}
      picture={data && ((width) => <StandingPicture rows={rows} width={width} measure={measure} />)}
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
    >
      {data &&
        (data.total.count === 0 && !data.won?.count ? (
          <p className={classes.nothing}>{t("nothing")}</p>
        ) : (
          <StandingTable label={name} by={data.by ?? params.by} rows={data.rows} total={data.total} won={data.won} currency={data.main_currency} measure={measure} />
        ))}
    </ChartFrame>
  );
}

function usePictureRows(data: Pipeline | undefined, measure: Measure) {
  const { t } = useTranslation("pipeline");
  const label = useLabel();
  const text = useStandingText(data?.main_currency ?? "USD");
  return (data?.rows ?? []).map((row) => ({
    name: label(row.label) || t("none"),
    value: row[measure],
    inner: row.weighted,
    text: text(measure, row),
    below: (["count", "weighted", "average_age_seconds"] as const).filter((figure) => figure !== measure).map((figure) => `${t(`figures.${figure}`)} ${text(figure, row)}`).join("   "),
  }));
}
