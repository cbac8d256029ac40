import { Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { WIN_LOSS_BY, type WinLossBy } from "~/api/outcomes";
import { useObject } from "~/api/queries";
import { Page } from "~/ui/Page";
import { AnalysisFilters } from "../filters/AnalysisFilters";
import { questionOf } from "../filters/asked";
import { useAsked } from "../filters/useAsked";
import { isPeriod, periodAt } from "../periods/periods";
import { PeriodPicker } from "../periods/PeriodPicker";
import { spanText } from "../periods/spans";
import { useFiscal } from "../periods/usePeriods";
import { WinLossChart } from "./WinLossChart";

/** Deals that were closed in a period: why, against whom and where from they were won and lost. */
export function WinLossScreen() {
  const { t } = useTranslation("winLoss");
  const { fiscalStart, day } = useFiscal();
  const { asked, search, change } = useAsked<{ by?: string; period?: string }>();
  const object = useObject("opportunity");
  // Competitors stand beside the deal, in records of their own.
  const offered = WIN_LOSS_BY.filter((by) => by === "competitor" || object?.fields.some((field) => field.key === by));
  const by: WinLossBy = offered.find((one) => one === search.by) ?? offered[0] ?? "owner";
  const period = isPeriod(search.period) ? search.period : periodAt("year", day, fiscalStart);
  return (
    <Page
      title={t("name")}
      above={<Link to="/analysis">{t("title", { ns: "analyses" })}</Link>}
      below={
        <AnalysisFilters asked={asked} onChange={change}>
          <PeriodPicker value={period} onChange={(next) => change({ period: next })} />
          <Select aria-label={t("dividedBy")} w={190} allowDeselect={false} data={offered.map((one) => ({ value: one, label: t("perOne", { by: t(`by.${one}`).toLowerCase() }) }))} value={by} onChange={(next) => change({ by: next ?? undefined })} />
        </AnalysisFilters>
      }
    >
      <WinLossChart params={{ by, closed: spanText(period, fiscalStart), ...questionOf(asked) }} />
    </Page>
  );
}
