import { useTranslation } from "react-i18next";
import { asOfAddress, useAsOf } from "~/api/past";
import type { PipelineBy } from "~/api/pipeline";
import type { AnalysisParams } from "~/api/analysis";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { ChartFrame } from "../ChartFrame";
import { StandingPicture } from "../pipeline/StandingPicture";
import { useStandingText } from "../pipeline/useStandingText";
import { useLabel } from "~/i18n";
import { AsOfTable } from "./AsOfTable";
import { compared } from "./compared";
import classes from "./past.module.css";

/** How the pipeline stood at the end of a day, beside how it stands. */
export function AsOfPart({ params, by, day, today }: { params: AnalysisParams; by: PipelineBy; day: string; today: string }) {
  const { t } = useTranslation("past");
  const words = useTranslation("pipeline").t;
  const label = useLabel();
  const language = useLanguage();
  const then = useAsOf({ ...params, by, day });
  const now = useAsOf({ ...params, by, day: today });
  const text = useStandingText(then.data?.main_currency ?? "USD");
  const error = (then.data ? undefined : then.error) ?? (now.data ? undefined : now.error);
  const title = t("asOfTitle", { day: formatDay(day, language), by: words(`by.${by}`).toLowerCase() });
  const ready = then.data && now.data;
  const rows = ready
    ? compared(then.data, now.data).map((row) => ({
        name: label(row.label) || words("none"),
        value: row.then?.amount ?? row.then?.count ?? 0,
        text: row.then ? text(row.then.amount == null ? "count" : "amount", row.then) : "–",
        below: t("todayIs", { figure: row.now ? text(row.now.amount == null ? "count" : "amount", row.now) : "–" }),
      }))
    : [];
  return (
    <ChartFrame
      title={title}
      hint={then.data?.known_from && day < then.data.known_from ? t("before", { day: formatDay(then.data.known_from, language) }) : t("asOfHint")}
      exported={asOfAddress({ ...params, by, day })}
      picture={ready && ((width) => <StandingPicture rows={rows} width={width} measure="weighted" />)}
      error={error}
      onRetry={() => void Promise.all([then.refetch(), now.refetch()])}
      ready={Boolean(ready)}
      stale={then.isPlaceholderData || now.isPlaceholderData}
    >
      {ready && (then.data.total.count + now.data.total.count === 0 ? <p className={classes.nothing}>{t("nothing")}</p> : <AsOfTable then={then.data} now={now.data} label={title} />)}
    </ChartFrame>
  );
}
