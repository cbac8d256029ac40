import { useTranslation } from "react-i18next";
import type { AsOf } from "~/api/past";
import type { Standing } from "~/api/pipeline";
import { useLabel, useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import { BehindLink } from "../Behind";
import { useFigures } from "../figures";
import { shareOf } from "../pipeline/standing";
import { useStandingText } from "../pipeline/useStandingText";
import { compared, difference, type Compared } from "./compared";
import classes from "./past.module.css";

const FIGURES = ["count", "amount", "weighted"] as const;

/** The pipeline of a past day and that of today, part by part. */
export function AsOfTable({ then, now, label }: { then: AsOf; now: AsOf; label: string }) {
  const { t } = useTranslation("past");
  const words = useTranslation("pipeline").t;
  const language = useLanguage();
  const day = formatDay(then.day, language);
  const known = then.total.amount !== null && then.total.amount !== undefined;
  const figures = known ? FIGURES : FIGURES.slice(0, 1);
  const rows = compared(then, now);
  const measured = (standing: Standing | undefined) => Number((known ? standing?.amount : standing?.count) ?? 0);
  const most = Math.max(1, ...rows.flatMap((row) => [measured(row.then), measured(row.now)]));
  const total: Compared = { key: "total", label: words("total"), then: then.total, now: now.total };
  const line = (row: Compared, foot?: boolean) => <Line key={row.key ?? ""} row={row} figures={figures} day={day} currency={then.main_currency} bars={foot ? undefined : { then: shareOf(measured(row.then), most), now: shareOf(measured(row.now), most) }} />;
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={label} data-compared>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {words(`by.${then.by}`)}
            </th>
            <td rowSpan={2} aria-hidden />
            <th scope="colgroup" colSpan={figures.length} data-group="then">
              <span className={classes.swatch} data-when="then" aria-hidden />
              {day}
            </th>
            <th scope="colgroup" colSpan={figures.length} data-group="now">
              <span className={classes.swatch} data-when="now" aria-hidden />
              {t("today")}
            </th>
            {known && (
              <th scope="col" rowSpan={2} data-figures>
                {t("change")}
              </th>
            )}
          </tr>
          <tr>
            {(["then", "now"] as const).flatMap((when) =>
              figures.map((figure, at) => (
                <th key={`${when} ${figure}`} scope="col" data-figures data-first={at === 0 || undefined}>
                  {words(`figures.${figure}`)}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>{rows.map((row) => line(row))}</tbody>
        <tfoot>{line(total, true)}</tfoot>
      </table>
    </div>
  );
}

type LineProps = { row: Compared; figures: readonly (typeof FIGURES)[number][]; day: string; currency: string; bars?: { then: number; now: number } };

function Line({ row, figures, day, currency, bars }: LineProps) {
  const { t } = useTranslation("past");
  const words = useTranslation("pipeline").t;
  const label = useLabel();
  const money = useFigures();
  const text = useStandingText(currency);
  const name = label(row.label) || words("none");
  const more = figures.length > 1 ? difference(row.then?.amount ?? (row.then ? null : undefined), row.now?.amount ?? (row.now ? null : undefined)) : null;
  return (
    <tr data-row={row.key ?? ""}>
      <th scope="row">{name}</th>
      <td className={classes.barsCell} aria-hidden>
        {bars && (
          <>
            <span className={classes.bar} data-when="then" style={{ width: `${bars.then * 100}%` }} />
            <span className={classes.bar} data-when="now" style={{ width: `${bars.now * 100}%` }} />
          </>
        )}
      </td>
      {(["then", "now"] as const).flatMap((when) =>
        figures.map((figure, at) => {
          const standing = row[when];
          const title = `${words("of", { figure: words(`figures.${figure}`), name })}, ${when === "then" ? day : t("today")}`;
          return (
            <td key={`${when} ${figure}`} data-figures data-first={at === 0 || undefined} data-when={when} data-figure={figure} data-label={`${words(`figures.${figure}`)} · ${when === "then" ? day : t("today")}`}>
              {standing ? (
                <BehindLink address={standing.behind?.[figure]} title={title}>
                  {text(figure, standing)}
                </BehindLink>
              ) : (
                "–"
              )}
            </td>
          );
        }),
      )}
      {figures.length > 1 && (
        <td data-figures data-label={t("change")} className={classes.change} data-tone={more === null || more === "0" ? "same" : more.startsWith("-") ? "less" : "more"}>
          {more !== null && !more.startsWith("-") && more !== "0" ? "+" : ""}
          {money.amount(more, currency)}
        </td>
      )}
    </tr>
  );
}
