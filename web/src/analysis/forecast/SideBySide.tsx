import { useTranslation } from "react-i18next";
import { CATEGORIES, type Forecast } from "~/api/forecast";
import frame from "../chart.module.css";
import { BehindLink } from "../Behind";
import { useFigures } from "../figures";
import { usePeriodName } from "../periods/usePeriods";
import classes from "./forecast.module.css";
import { useMeasured } from "./useMeasured";

/** The period and those that follow, side by side. */
export function SideBySide({ data }: { data: Forecast }) {
  const { t } = useTranslation("forecast");
  const figures = useFigures();
  const name = usePeriodName();
  const measured = useMeasured(data.metric, data.main_currency);
  const money = (amount: string | null | undefined) => figures.amount(amount, data.main_currency);
  const { cells } = data.total;
  const row = (word: string, show: (cell: (typeof cells)[number]) => React.ReactNode) => (
    <tr>
      <th scope="row">{word}</th>
      {cells.map((cell) => (
        <td key={cell.period} data-figures>
          {show(cell)}
        </td>
      ))}
    </tr>
  );
  return (
    <section className={classes.box} aria-label={t("sideBySide")}>
      <h2>{t("sideBySide")}</h2>
      <div className={classes.scroller}>
        <table className={frame.table} aria-label={t("sideBySide")}>
          <thead>
            <tr>
              <td />
              {cells.map((cell) => (
                <th key={cell.period} scope="col" data-figures>
                  {name(cell.period)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {CATEGORIES.map((category) => {
              const word = t(`categories.${category}`);
              return (
                <Row key={category} name={word}>
                  {cells.map((cell) => (
                    <td key={cell.period} data-figures>
                      <BehindLink address={cell[category].behind?.amount} title={`${word}, ${name(cell.period)}`}>
                        {money(cell[category].amount)}
                      </BehindLink>
                    </td>
                  ))}
                </Row>
              );
            })}
            {row(t("saidCommit"), (cell) => money(cell.adjusted.is_adjusted ? cell.adjusted.commit : cell.submitted.commit))}
            {row(t("saidBest"), (cell) => money(cell.adjusted.is_adjusted ? cell.adjusted.best_case : cell.submitted.best_case))}
            {row(t("target"), (cell) => measured(cell.target))}
            {row(t("attainment"), (cell) => figures.percent(cell.attainment))}
            {row(t("gapWord"), (cell) => measured(cell.gap))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {children}
    </tr>
  );
}
