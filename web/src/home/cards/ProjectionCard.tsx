import { isPeriod, periodAt } from "~/analysis/periods/periods";
import { useFiscal } from "~/analysis/periods/usePeriods";
import { ProjectionChart } from "~/analysis/projection/ProjectionChart";
import type { CardProps } from "../kinds";
import { analysisOf } from "./params";

export function ProjectionCard({ card }: CardProps) {
  const { day, fiscalStart } = useFiscal();
  const period = isPeriod(card.settings.period) ? card.settings.period : periodAt("quarter", day, fiscalStart);
  return <ProjectionChart params={{ ...analysisOf(card), period }} title={card.title ?? undefined} bare />;
}
