import { ForecastCard } from "~/analysis/forecast/ForecastCard";
import { isPeriod, periodAt } from "~/analysis/periods/periods";
import { useFiscal } from "~/analysis/periods/usePeriods";
import type { CardProps } from "../kinds";
import { analysisOf } from "./params";

/** The forecast of the period that the settings name; of this quarter where they name none. */
export function ForecastHere({ card }: CardProps) {
  const { day, fiscalStart } = useFiscal();
  const period = isPeriod(card.settings.period) ? card.settings.period : periodAt("quarter", day, fiscalStart);
  return <ForecastCard params={{ ...analysisOf(card), period }} title={card.title ?? undefined} bare />;
}
