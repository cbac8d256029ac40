import { Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PIPELINE_BY, type PipelineBy } from "~/api/pipeline";
import { useObject } from "~/api/queries";
import { Page } from "~/ui/Page";
import { AnalysisFilters } from "../filters/AnalysisFilters";
import { questionOf } from "../filters/asked";
import { useAsked } from "../filters/useAsked";
import { PipelineChart } from "./PipelineChart";
import type { Measure } from "./standing";

/** What is open now, and how long it has been. */
export function PipelineScreen() {
  const { t } = useTranslation("pipeline");
  const { asked, search, change } = useAsked<{ by?: string; measure?: Measure }>();
  const object = useObject("opportunity");
  // What one may not know cannot be what the deals are divided by.
  const offered = PIPELINE_BY.filter((by) => object?.fields.some((field) => field.key === by));
  const by: PipelineBy = offered.find((one) => one === search.by) ?? "stage";
  return (
    <Page
      title={t("name")}
      above={<Link to="/analysis">{t("title", { ns: "analyses" })}</Link>}
      below={
        <AnalysisFilters asked={asked} onChange={change}>
          <Select aria-label={t("dividedBy")} w={170} allowDeselect={false} data={offered.map((one) => ({ value: one, label: t("perOne", { by: t(`by.${one}`).toLowerCase() }) }))} value={by} onChange={(next) => change({ by: next === "stage" ? undefined : (next ?? undefined) })} />
        </AnalysisFilters>
      }
    >
      <PipelineChart params={{ by, ...questionOf(asked) }} measure={search.measure} onMeasure={(measure) => change({ measure })} />
    </Page>
  );
}
