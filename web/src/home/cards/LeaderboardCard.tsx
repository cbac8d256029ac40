import { LeaderboardChart } from "~/analysis/leaderboard/LeaderboardChart";
import { daysOf, periodAt } from "~/analysis/periods/periods";
import { useFiscal } from "~/analysis/periods/usePeriods";
import { LEADERBOARD_METRICS } from "~/api/outcomes";
import type { CardProps } from "../kinds";
import { analysisOf, oneOf, settingText } from "./params";

/** Who leads in the period that the settings name; in this quarter where they name none. */
export function LeaderboardCard({ card }: CardProps) {
  const { day, fiscalStart } = useFiscal();
  const { first, last } = daysOf(periodAt("quarter", day, fiscalStart), fiscalStart);
  return <LeaderboardChart params={{ ...analysisOf(card), metric: oneOf(card.settings.metric, LEADERBOARD_METRICS), period: settingText(card.settings.period) ?? `${first}..${last}` }} title={card.title ?? undefined} bare />;
}
