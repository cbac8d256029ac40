import { Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LEADERBOARD_METRICS } from "~/api/outcomes";
import { Page } from "~/ui/Page";
import { AnalysisFilters } from "../filters/AnalysisFilters";
import { useAsked } from "../filters/useAsked";
import { isPeriod, periodAt } from "../periods/periods";
import { PeriodPicker } from "../periods/PeriodPicker";
import { spanText } from "../periods/spans";
import { useFiscal } from "../periods/usePeriods";
import { LeaderboardChart } from "./LeaderboardChart";

/** Who has won most in a period, and who has done most for it. */
export function LeaderboardScreen() {
  const { t } = useTranslation("leaderboard");
  const { fiscalStart, day } = useFiscal();
  const { asked, search, change } = useAsked<{ metric?: string; period?: string }>();
  const metric = LEADERBOARD_METRICS.find((one) => one === search.metric) ?? "won_amount";
  const period = isPeriod(search.period) ? search.period : periodAt("quarter", day, fiscalStart);
  return (
    <Page
      title={t("name")}
      above={<Link to="/analysis">{t("title", { ns: "analyses" })}</Link>}
      below={
        <AnalysisFilters asked={asked} onChange={change} process="none" withoutWhose withoutCondition>
          <PeriodPicker value={period} onChange={(next) => change({ period: next })} />
          <Select aria-label={t("metric")} w={190} allowDeselect={false} data={LEADERBOARD_METRICS.map((one) => ({ value: one, label: t(`metrics.${one}`) }))} value={metric} onChange={(next) => change({ metric: next === "won_amount" ? undefined : (next ?? undefined) })} />
        </AnalysisFilters>
      }
    >
      <LeaderboardChart params={{ metric, period: spanText(period, fiscalStart) }} />
    </Page>
  );
}
