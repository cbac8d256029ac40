import { SegmentedControl, Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useAsked } from "~/analysis/filters/useAsked";
import { LENGTHS, periodAt, type Length } from "~/analysis/periods/periods";
import { PeriodPicker } from "~/analysis/periods/PeriodPicker";
import { useFiscal } from "~/analysis/periods/usePeriods";
import { METRICS } from "~/api/forecast";
import { useTargets } from "~/api/targets";
import { PersonSelect } from "~/people/PersonSelect";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { TargetsEditor } from "./TargetsEditor";
import classes from "./targets.module.css";

type Address = { year?: string | number; metric?: string; length?: string };

/** What people and departments are to reach in a year. */
export function TargetsScreen() {
  const { t } = useTranslation("targets");
  const { fiscalStart, day } = useFiscal();
  const { asked, search, change } = useAsked<Address>();
  const year = /^\d{4}$/.test(String(search.year)) ? String(search.year) : periodAt("year", day, fiscalStart);
  const metric = METRICS.find((one) => one === search.metric) ?? "won_amount";
  const length: Length = LENGTHS.find((one) => one === search.length) ?? "month";
  const answer = useTargets({ year, metric, department: asked.department });
  const data = answer.data;
  const present = data && String(data.year) === year && data.metric === metric;
  return (
    <Page
      title={t("name")}
      above={<Link to="/analysis/forecast">{t("name", { ns: "forecast" })}</Link>}
      below={
        <div className={classes.bar} role="group" aria-label={t("which")}>
          <PeriodPicker value={year} lengths={["year"]} onChange={(next) => change({ year: next })} />
          <Select aria-label={t("metric")} className={classes.choice} allowDeselect={false} data={METRICS.map((one) => ({ value: one, label: t(`metrics.${one}`, { ns: "forecast" }) }))} value={metric} onChange={(next) => change({ metric: next === "won_amount" ? undefined : (next ?? undefined) })} />
          <SegmentedControl aria-label={t("length")} value={length} onChange={(next) => change({ length: next === "month" ? undefined : next })} data={LENGTHS.map((one) => ({ value: one, label: t(`lengths.${one}`) }))} />
          <PersonSelect object="department" className={classes.choice} aria-label={t("department")} placeholder={t("department")} value={asked.department ?? null} onChange={(id) => change({ department: id ?? undefined })} />
        </div>
      }
    >
      {answer.isError && !data ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : !present ? (
        <RowSkeletons rows={10} height={28} />
      ) : data.rows.length === 0 ? (
        <EmptyState title={t("noneTitle")}>{t("none")}</EmptyState>
      ) : (
        <TargetsEditor key={`${year} ${metric} ${asked.department ?? ""}`} targets={data} length={length} />
      )}
    </Page>
  );
}
