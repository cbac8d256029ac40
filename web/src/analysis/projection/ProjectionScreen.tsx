import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useProjection } from "~/api/projection";
import { Page } from "~/ui/Page";
import { AnalysisFilters } from "../filters/AnalysisFilters";
import { questionOf } from "../filters/asked";
import { useAsked } from "../filters/useAsked";
import { isPeriod, periodAt } from "../periods/periods";
import { PeriodPicker } from "../periods/PeriodPicker";
import { useFiscal } from "../periods/usePeriods";
import { BackTestPart } from "./BackTestPart";
import { Basis } from "./Basis";
import { Deals } from "./Deals";
import { ProjectionChart } from "./ProjectionChart";
import classes from "./projection.module.css";

const TESTED = 8;

/** What a period will come to by the organisation's own history, what that rests on, and how it would have done before. */
export function ProjectionScreen() {
  const { t } = useTranslation("projection");
  const { fiscalStart, day } = useFiscal();
  const { asked, search, change } = useAsked<{ period?: string }>();
  const period = isPeriod(search.period) ? search.period : periodAt("quarter", day, fiscalStart);
  const params = { period, ...questionOf(asked) };
  const data = useProjection(params).data;
  return (
    <Page
      title={t("name")}
      above={<Link to="/analysis">{t("title", { ns: "analyses" })}</Link>}
      below={
        <AnalysisFilters asked={asked} onChange={change}>
          <PeriodPicker value={period} onChange={(next) => change({ period: next })} />
        </AnalysisFilters>
      }
    >
      <div className={classes.screen}>
        <ProjectionChart params={params} />
        {data && <Basis data={data} />}
        <BackTestPart params={{ length: "quarter", periods: TESTED, process: asked.process }} />
        <Deals params={params} />
      </div>
    </Page>
  );
}
