import { useTranslation } from "react-i18next";
import type { ForecastCell } from "~/api/forecast";
import { useFigures } from "../figures";
import classes from "./forecast.module.css";

/** A figure that was submitted; where somebody above takes it as another, that one after it. */
export function SaidFigure({ cell, what, currency }: { cell: ForecastCell; what: "commit" | "best_case"; currency: string }) {
  const { t } = useTranslation("forecast");
  const figures = useFigures();
  const submitted = cell.submitted[what];
  if (!cell.adjusted.is_adjusted) return <>{figures.amount(submitted, currency)}</>;
  const adjusted = cell.adjusted[what];
  return (
    <>
      {submitted != null && submitted !== adjusted && (
        <s className={classes.before}>
          <span className="visually-hidden">{t("submitted")} </span>
          {figures.amount(submitted, currency)}
        </s>
      )}
      <span>
        <span className="visually-hidden">{t("adjusted")} </span>
        {figures.amount(adjusted, currency)}
      </span>
    </>
  );
}
