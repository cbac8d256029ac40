import { useTranslation } from "react-i18next";
import type { Projection } from "~/api/projection";
import { useLabel, useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import frame from "../chart.module.css";
import { useFigures } from "../figures";
import { shareOf } from "../pipeline/standing";
import classes from "./projection.module.css";

/** What the projection rests on: how often and how fast deals have been won from each stage. */
export function Basis({ data }: { data: Projection }) {
  const { t } = useTranslation("projection");
  const label = useLabel();
  const language = useLanguage();
  const figures = useFigures();
  const { trained, factors } = data;
  const processes = new Set(factors.stages.map((stage) => stage.process)).size;
  return (
    <section className={classes.box} aria-label={t("basis")}>
      <h2>{t("basis")}</h2>
      <p className={classes.words}>
        {t(trained.since ? "trainedSince" : "trained", { won: figures.count(trained.won), lost: figures.count(trained.lost), since: trained.since ? formatDay(trained.since, language) : "" })} {t("method")}
      </p>
      {factors.stages.length > 0 && (
        <div className={classes.scroller} tabIndex={0} role="group" aria-label={t("basis")}>
          <table className={frame.table} aria-label={t("basis")}>
            <thead>
              <tr>
                <th scope="col">{t("stage")}</th>
                <th scope="col" data-figures>
                  {t("chance")}
                </th>
                <td aria-hidden />
                <th scope="col" data-figures>
                  {t("median")}
                </th>
                <th scope="col" data-figures>
                  {t("learnt")}
                </th>
              </tr>
            </thead>
            <tbody>
              {factors.stages.map((stage) => (
                <tr key={`${stage.process} ${stage.stage}`}>
                  <th scope="row">
                    {label(stage.label) || stage.stage}
                    {processes > 1 && <span className={classes.process}>{stage.process}</span>}
                  </th>
                  <td data-figures>{figures.percent(stage.chance)}</td>
                  <td className={classes.chanceCell} aria-hidden>
                    <span className={classes.chance} style={{ width: `${shareOf(stage.chance, 100) * 100}%` }} />
                  </td>
                  <td data-figures>{stage.median_days == null ? "–" : t("daysShort", { count: Number(stage.median_days), shown: figures.count(stage.median_days) })}</td>
                  <td data-figures>{figures.count(stage.deals)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
