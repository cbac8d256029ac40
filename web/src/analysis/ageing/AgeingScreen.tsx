import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import { AnalysisFilters } from "../filters/AnalysisFilters";
import { questionOf } from "../filters/asked";
import { useAsked } from "../filters/useAsked";
import { AgeingChart } from "./AgeingChart";

/** Which deals have stood in their stage for long, and which for too long. */
export function AgeingScreen() {
  const { t } = useTranslation("ageing");
  const { asked, change } = useAsked();
  return (
    <Page title={t("name")} above={<Link to="/analysis">{t("title", { ns: "analyses" })}</Link>} below={<AnalysisFilters asked={asked} onChange={change} process="one" />}>
      <AgeingChart params={questionOf(asked)} />
    </Page>
  );
}
