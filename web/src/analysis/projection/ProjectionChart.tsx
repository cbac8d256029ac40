import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { projectionAddress, useProjection, type Projection, type ProjectionParams } from "~/api/projection";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { ChartFrame } from "../ChartFrame";
import { useFigures } from "../figures";
import { usePeriodName } from "../periods/usePeriods";
import classes from "./projection.module.css";
import { Range } from "./Range";
import { RangePicture } from "./RangePicture";

type Props = { params: ProjectionParams; title?: string; bare?: boolean; actions?: ReactNode };

/** What a period will come to by the organisation's own history; and plainly so, where that is not to be relied upon. */
export function ProjectionChart({ params, title, bare, actions }: Props) {
  const { t } = useTranslation("projection");
  const language = useLanguage();
  const name = usePeriodName();
  const figures = useFigures();
  const answer = useProjection(params);
  const data = answer.data;
  return (
    <ChartFrame
      title={title ?? t("title", { period: name(params.period) })}
      hint={data && t("days", { from: formatDay(data.from, language), to: formatDay(data.to, language) })}
      actions={actions}
      bare={bare}
      exported={projectionAddress(params)}
      picture={
        data &&
        ((width) => (
          <RangePicture width={width} rows={[{ name: name(params.period), p10: data.p10, p50: data.p50, p90: data.p90, solid: data.closed.amount, text: `${figures.compact(data.p10, data.main_currency)} – ${figures.compact(data.p50, data.main_currency)} – ${figures.compact(data.p90, data.main_currency)}` }]} />
        ))
      }
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
    >
      {data && (
        <div className={classes.parts}>
          <Doubt data={data} />
          <Range data={data} />
        </div>
      )}
    </ChartFrame>
  );
}

/** Why it is not to be relied upon, before the figures themselves. */
function Doubt({ data }: { data: Projection }) {
  const { t } = useTranslation("projection");
  const figures = useFigures();
  if (data.reliable) return null;
  const { quarters, within, percent } = data.coverage;
  return (
    <Alert color="yellow" variant="light" role="note" icon={<IconAlertTriangle size={18} />} title={t("doubtful")} styles={{ title: { color: "var(--ink)" } }}>
      {t(`why.${data.why ?? "too_few_closed"}`, { won: figures.count(data.trained.won), lost: figures.count(data.trained.lost), quarters: figures.count(quarters), within: figures.count(within), percent: figures.percent(percent) })}
    </Alert>
  );
}
