import { useTranslation } from "react-i18next";
import { CATEGORIES, type Forecast } from "~/api/forecast";
import { BehindLink } from "../Behind";
import { useFigures } from "../figures";
import { AttainmentBar } from "./AttainmentBar";
import classes from "./forecast.module.css";
import { useMeasured } from "./useMeasured";

/** How far it is to the target: what is closed, committed and possible, and what was said of it. */
export function Summary({ data }: { data: Forecast }) {
  const { t } = useTranslation("forecast");
  const figures = useFigures();
  const measured = useMeasured(data.metric, data.main_currency);
  const money = (amount: string | null | undefined) => figures.amount(amount, data.main_currency);
  const cell = data.total.cells[0]!;
  return (
    <div className={classes.summary}>
      {cell.target != null ? (
        <p className={classes.reached}>
          <strong data-figure="attainment">{figures.percent(cell.attainment)}</strong> {t("ofTarget", { target: measured(cell.target) })}
          {cell.gap != null && <span className={classes.gap}>{Number(cell.gap) > 0 ? t("gap", { gap: measured(cell.gap) }) : t("over")}</span>}
        </p>
      ) : (
        <p className={classes.fine}>{t("noTarget")}</p>
      )}
      <AttainmentBar cell={cell} metric={data.metric} />
      {data.metric !== "won_amount" && (
        <p className={classes.fine}>
          {t(`actual.${data.metric}`)}{" "}
          <BehindLink address={cell.behind?.actual} title={t(`actual.${data.metric}`)}>
            {measured(cell.actual)}
          </BehindLink>
        </p>
      )}
      {cell.people_target != null && cell.target != null && <p className={classes.fine}>{t("peopleTarget", { people: measured(cell.people_target), difference: measured(cell.difference) })}</p>}
      <dl className={classes.figures}>
        {CATEGORIES.map((category) => {
          const of = cell[category];
          const word = t(`categories.${category}`);
          return (
            <div key={category} data-category={category}>
              <dt title={t(`hints.${category}`)}>
                <span className={classes.swatch} data-category={category} aria-hidden />
                {word}
              </dt>
              <dd>
                <BehindLink address={of.behind?.amount} title={word}>
                  {money(of.amount)}
                </BehindLink>
              </dd>
              <dd className={classes.fine}>
                <BehindLink address={of.behind?.count} title={word}>
                  {t("deals", { count: of.count, shown: figures.count(of.count) })}
                </BehindLink>
                {category !== "closed" && of.weighted != null && (
                  <>
                    {" · "}
                    <BehindLink address={of.behind?.weighted} title={`${word}, ${t("weighted")}`} label={`${word}, ${t("weighted")}: ${money(of.weighted)}`}>
                      {t("weightedIs", { amount: money(of.weighted) })}
                    </BehindLink>
                  </>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      <Said data={data} />
    </div>
  );
}

/** What was said will come of the period, what of it holds, and how many have spoken. */
function Said({ data }: { data: Forecast }) {
  const { t } = useTranslation("forecast");
  const figures = useFigures();
  const cell = data.total.cells[0]!;
  const { submitted, adjusted, outlook } = cell;
  const money = (amount: string | null | undefined) => figures.amount(amount, data.main_currency);
  return (
    <div className={classes.saidLines}>
      <span>
        <strong>{t("outlook")}</strong> {t("saidIs", { commit: money(outlook.commit), best: money(outlook.best_case) })}
      </span>
      {submitted.people === 0 && submitted.commit == null ? (
        <span className={classes.fine}>{t(data.periods[0]?.over ? "neverSaid" : "notSaid")}</span>
      ) : (
        <span>
          <strong>{t("submitted")}</strong> {t("saidIs", { commit: money(submitted.commit), best: money(submitted.best_case) })}
          {submitted.of > 1 && <span className={classes.fine}> · {t("peopleSaid", { count: submitted.of, said: submitted.people })}</span>}
        </span>
      )}
      {adjusted.is_adjusted && (
        <span>
          <strong>{t("adjusted")}</strong> {t("saidIs", { commit: money(adjusted.commit), best: money(adjusted.best_case) })}
        </span>
      )}
    </div>
  );
}
