import { useTranslation } from "react-i18next";
import { backTestAddress, useBackTest, type BackTest, type BackTestParams, type BackTestRow } from "~/api/projection";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { ChartFrame } from "../ChartFrame";
import frame from "../chart.module.css";
import { NONE, useFigures } from "../figures";
import { usePeriodName } from "../periods/usePeriods";
import { shareOf } from "../pipeline/standing";
import classes from "./projection.module.css";
import { RangePicture } from "./RangePicture";

const METHODS = ["projection", "stage_rates", "last_year"] as const;

/** How the same method would have done in the past, beside two that anybody could have used. */
export function BackTestPart({ params }: { params: BackTestParams }) {
  const { t } = useTranslation("projection");
  const name = usePeriodName();
  const figures = useFigures();
  const answer = useBackTest(params);
  const data = answer.data;
  return (
    <ChartFrame
      title={t("backTest")}
      hint={t("backTestHint")}
      exported={backTestAddress(params)}
      picture={data && data.rows.length > 0 ? (width) => <RangePicture width={width} rows={data.rows.map((row) => ({ name: name(row.period), p10: row.p10, p50: row.p50, p90: row.p90, dot: row.actual, text: `${t("actual")} ${figures.compact(row.actual, data.main_currency)}` }))} /> : undefined}
      error={data ? undefined : answer.error}
      onRetry={() => void answer.refetch()}
      ready={data !== undefined}
      stale={answer.isPlaceholderData}
    >
      {data && (data.rows.length === 0 ? <p className={classes.words}>{t("noPast")}</p> : <Tested data={data} />)}
    </ChartFrame>
  );
}

function Tested({ data }: { data: BackTest }) {
  const { t } = useTranslation("projection");
  const language = useLanguage();
  const name = usePeriodName();
  const figures = useFigures();
  const most = Math.max(1, ...data.rows.flatMap((row) => [row.p90, row.actual].map((value) => Number(value ?? 0)))) * 1.04;
  const money = (amount: string | null | undefined) => figures.amount(amount, data.main_currency);
  const errors = data.summary.mean_absolute_error;
  return (
    <div className={classes.parts}>
      <p className={classes.words}>
        {t("tested", { within: figures.count(data.rows.filter((row) => row.within).length), count: data.rows.length, shown: figures.count(data.rows.length) })} {t("wanted")}
      </p>
      <dl className={classes.methods}>
        {METHODS.map((method) => (
          <div key={method}>
            <dt>{t(`methods.${method}`)}</dt>
            <dd>{figures.percent(errors[method])}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.fine}>{t("errorsHint")}</p>
      <div className={classes.scroller}>
        <table className={frame.table} aria-label={t("backTest")}>
          <thead>
            <tr>
              <th scope="col">{t("period")}</th>
              <th scope="col" data-figures>
                {t("actual")}
              </th>
              <td aria-hidden className={classes.legend}>
                <span className={classes.swatch} data-part="band" /> {t("band")} <span className={classes.swatch} data-part="actual" /> {t("actual")}
              </td>
              <th scope="col" data-figures>
                {t("range")}
              </th>
              <th scope="col">{t("within")}</th>
              {METHODS.map((method) => (
                <th key={method} scope="col" data-figures>
                  {t(`errors.${method}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <tr key={row.period}>
                <th scope="row" title={t("knewUntil", { day: formatDay(row.cut, language) })}>
                  {name(row.period)}
                </th>
                <td data-figures>{money(row.actual)}</td>
                <td className={classes.testCell} aria-hidden>
                  <Bar row={row} most={most} />
                </td>
                <td data-figures>{row.p10 == null ? NONE : `${figures.compact(row.p10, data.main_currency)} – ${figures.compact(row.p90, data.main_currency)}`}</td>
                <td>{t(row.within ? "yes" : "no", { ns: "ui" })}</td>
                <td data-figures>{figures.percent(row.error)}</td>
                <td data-figures>{figures.percent(row.naive.stage_rates.error)}</td>
                <td data-figures>{figures.percent(row.naive.last_year.error)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Bar({ row, most }: { row: BackTestRow; most: number }) {
  const place = (value: string | null | undefined) => `${shareOf(value, most) * 100}%`;
  return (
    <span className={classes.test}>
      <span className={classes.band} style={{ insetInlineStart: place(row.p10), width: `${(shareOf(row.p90, most) - shareOf(row.p10, most)) * 100}%` }} />
      <span className={classes.middle} style={{ insetInlineStart: place(row.p50) }} />
      <span className={classes.actual} data-outside={!row.within || undefined} style={{ insetInlineStart: place(row.actual) }} />
    </span>
  );
}
