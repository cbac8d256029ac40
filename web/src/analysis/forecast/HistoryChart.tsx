import { SegmentedControl } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useForecastHistory, type Covers, type Forecast } from "~/api/forecast";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { ChartFrame } from "../ChartFrame";
import { useFigures } from "../figures";
import classes from "./forecast.module.css";
import { HistoryPicture } from "./HistoryPicture";
import { HistoryTable } from "./HistoryTable";

type Props = { person: string; of: Forecast; hasLine: boolean };

/** How the forecast of a month moved: everything that was said of it, and what somebody above made of it. */
export function HistoryChart({ person, of, hasLine }: Props) {
  const { t } = useTranslation("forecast");
  const language = useLanguage();
  const figures = useFigures();
  const { ref, width } = useElementSize();
  const [covers, setCovers] = useState<Covers>("own");
  const params = { person, period: of.periods[0]!.period, covers };
  const answer = useForecastHistory(params);
  const data = answer.data;
  const points = [...(data?.entries ?? [])].reverse();
  const said = points.filter((point) => point.commit != null || point.best_case != null);
  const own = of.rows.find((row) => row.kind === "own") ?? of.total;
  const target = of.metric === "won_amount" ? (covers === "own" ? own : of.total).cells[0]?.target : undefined;
  const words = { commit: t("categories.commit"), best_case: t("categories.best_case"), target: t("target") };
  const picture = (wide: number) =>
    data && <HistoryPicture points={said} target={target} from={data.from} to={data.to} width={wide} money={(amount) => figures.compact(String(Math.round(amount)), of.main_currency)} day={(day) => formatDay(day, language)} words={words} />;
  return (
    <ChartFrame
      title={t("history")}
      hint={t("historyHint")}
      actions={
        hasLine && (
          <SegmentedControl
            size="xs"
            aria-label={t("covers")}
            value={covers}
            onChange={(next) => setCovers(next as Covers)}
            data={[
              { value: "own", label: t("coversOwn") },
              { value: "line", label: t("coversLine") },
            ]}
          />
        )
      }
      picture={said.length > 0 ? (wide) => picture(wide) || <svg /> : undefined}
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
      table={data && points.length > 0 && <HistoryTable data={data} currency={of.main_currency} label={t("history")} />}
    >
      <div ref={ref}>
        {data?.stale && <p className={classes.fine}>{t("stale")}</p>}
        {said.length === 0 ? (
          <p className={classes.fine}>{t("historyNone")}</p>
        ) : (
          <div role="img" aria-label={t("historyPicture", { count: said.length, last: figures.amount(said.at(-1)?.commit, of.main_currency) })}>
            {width > 0 && picture(width)}
          </div>
        )}
      </div>
    </ChartFrame>
  );
}
