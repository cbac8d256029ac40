import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { monthsOf, type Period } from "../periods/periods";
import { useFiscal, usePeriodName } from "../periods/usePeriods";
import classes from "./forecast.module.css";

/** Of a longer period: its months, in which one submits. */
export function Months({ period, onChoose }: { period: Period; onChoose: (month: Period) => void }) {
  const { t } = useTranslation("forecast");
  const { fiscalStart } = useFiscal();
  const name = usePeriodName();
  return (
    <p className={classes.fine}>
      {t("byMonths")}{" "}
      {monthsOf(period, fiscalStart).map((month) => (
        <Button key={month} size="compact-xs" variant="subtle" onClick={() => onChoose(month)}>
          {name(month)}
        </Button>
      ))}
    </p>
  );
}
