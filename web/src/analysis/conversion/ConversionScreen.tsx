import { Link } from "@tanstack/react-router";
import { MultiSelect } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import { Page } from "~/ui/Page";
import { AnalysisFilters } from "../filters/AnalysisFilters";
import { useAsked } from "../filters/useAsked";
import { conversionAsked, conversionQuestion, type ConversionAsked } from "./asked";
import { PeriodFilter } from "./PeriodFilter";
import { StageConversionChart } from "./StageConversionChart";

/** The stage conversion on a screen of its own, with all that it can be narrowed by; the address keeps it. */
export function ConversionScreen() {
  const { t } = useTranslation("conversion");
  const label = useLabel();
  const object = useObject("opportunity");
  const { asked, search, change } = useAsked<ConversionAsked>();
  const own = useMemo(() => conversionAsked(search), [search]);
  const type = object?.fields.find((field) => field.key === "opportunity_type");
  const knows = (key: string) => object?.fields.some((field) => field.key === key) ?? false;
  return (
    <Page
      title={t("screen")}
      above={<Link to="/analysis">{t("title", { ns: "analyses" })}</Link>}
      below={
        <AnalysisFilters asked={asked} onChange={change} process="one">
          <PeriodFilter value={own} knows={knows} onChange={change} />
          {type && (
            <MultiSelect
              aria-label={label(type.label)}
              placeholder={own.type?.length ? undefined : label(type.label)}
              data={(type.options ?? []).map((option) => ({ value: option.key, label: label(option.label) }))}
              value={own.type ?? []}
              clearable
              miw={150}
              onChange={(keys) => change({ type: keys.length > 0 ? keys : undefined })}
            />
          )}
        </AnalysisFilters>
      }
    >
      <StageConversionChart params={conversionQuestion(asked, own)} />
    </Page>
  );
}
