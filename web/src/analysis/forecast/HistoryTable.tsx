import { useTranslation } from "react-i18next";
import type { ForecastHistory } from "~/api/forecast";
import { Instant } from "~/ui/Instant";
import frame from "../chart.module.css";
import { useFigures } from "../figures";
import classes from "./forecast.module.css";

/** Everything that was said of a period, one under the other. */
export function HistoryTable({ data, currency, label }: { data: ForecastHistory; currency: string; label: string }) {
  const { t } = useTranslation("forecast");
  const figures = useFigures();
  return (
    <table className={frame.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t("when")}</th>
          <th scope="col">{t("who")}</th>
          <th scope="col">{t("what")}</th>
          <th scope="col" data-figures>
            {t("categories.commit")}
          </th>
          <th scope="col" data-figures>
            {t("categories.best_case")}
          </th>
          <th scope="col" data-figures title={t("closedThen")}>
            {t("categories.closed")}
          </th>
          <th scope="col">{t("noteInput")}</th>
        </tr>
      </thead>
      <tbody>
        {data.entries.map((point) => (
          <tr key={point.n}>
            <th scope="row">
              <Instant value={point.at} />
            </th>
            <td>{data.refs?.[point.by]?.name ?? "–"}</td>
            <td>{t(`kinds.${point.kind}`)}</td>
            <td data-figures>{figures.amount(point.commit, currency)}</td>
            <td data-figures>{figures.amount(point.best_case, currency)}</td>
            <td data-figures>{figures.amount(point.figures?.closed, currency)}</td>
            <td className={classes.noteCell}>{point.note}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
