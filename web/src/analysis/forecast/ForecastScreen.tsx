import { Alert, Button, Select } from "@mantine/core";
import { IconArrowUp, IconLock, IconSend } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { METRICS, useForecast, type ForecastParams } from "~/api/forecast";
import { useMe } from "~/api/queries";
import { useLanguage } from "~/i18n";
import { PersonSelect } from "~/people/PersonSelect";
import { formatDay } from "~/ui/format";
import { Page } from "~/ui/Page";
import { AnalysisFilters } from "../filters/AnalysisFilters";
import { questionOf } from "../filters/asked";
import { useAsked } from "../filters/useAsked";
import { isPeriod, lengthOf, periodAt } from "../periods/periods";
import { PeriodPicker } from "../periods/PeriodPicker";
import { useFiscal, usePeriodName } from "../periods/usePeriods";
import classes from "./forecast.module.css";
import { ForecastCard } from "./ForecastCard";
import { HistoryChart } from "./HistoryChart";
import type { Saying } from "./Line";
import { Lines } from "./Lines";
import { Months } from "./Months";
import { SayDialog } from "./SayDialog";
import { SideBySide } from "./SideBySide";

type Address = { period?: string; periods?: number; person?: string; metric?: string };
const BESIDE = [1, 3, 6, 12];

/** What is expected of a period: of the deals, by what people say, against the target. */
export function ForecastScreen() {
  const { t } = useTranslation("forecast");
  const language = useLanguage();
  const me = useMe();
  const { fiscalStart, day } = useFiscal();
  const name = usePeriodName();
  const { asked, search, change } = useAsked<Address>();
  const [saying, setSaying] = useState<Saying>();
  const period = isPeriod(search.period) ? search.period : periodAt("month", day, fiscalStart);
  const periods = BESIDE.find((many) => many === search.periods) ?? 1;
  const metric = METRICS.find((one) => one === search.metric);
  const person = typeof search.person === "string" ? search.person : undefined;
  const { process, filter } = questionOf({ process: asked.process, filter: asked.filter });
  const params: ForecastParams = { period, periods: periods > 1 ? periods : undefined, metric, process, filter, person: asked.department ? undefined : person, department: asked.department };
  const data = useForecast(params).data;
  const first = data?.periods[0];
  const byMonth = lengthOf(period) === "month";
  const mine = data?.of.kind === "person" && data.of.id === me.person.id;
  const single: ForecastParams = { ...params, periods: undefined };
  return (
    <Page
      title={t("name")}
      above={<Link to="/analysis">{t("title", { ns: "analyses" })}</Link>}
      actions={
        data?.can.submit &&
        byMonth &&
        !first?.over && (
          <Button leftSection={<IconSend size={16} />} onClick={() => setSaying({ act: "submit", person: me.person.id, name: me.person.name, period, hasLine: mine && data.total.has_line, covers: "own" })}>
            {t("submitButton")}
          </Button>
        )
      }
      below={
        <AnalysisFilters asked={asked} onChange={change} withoutWhose>
          <PeriodPicker value={period} onChange={(next) => change({ period: next })} />
          <PersonSelect className={classes.whose} aria-label={t("whose")} placeholder={t("whose")} value={asked.department ? null : (person ?? null)} onChange={(id) => change({ person: id ?? undefined, department: undefined })} />
          <PersonSelect object="department" className={classes.whose} aria-label={t("whichDepartment")} placeholder={t("department")} value={asked.department ?? null} onChange={(id) => change({ department: id ?? undefined, person: undefined })} />
          <Select className={classes.whose} aria-label={t("metric")} allowDeselect={false} data={METRICS.map((one) => ({ value: one, label: t(`metrics.${one}`) }))} value={metric ?? "won_amount"} onChange={(next) => change({ metric: next === "won_amount" ? undefined : (next ?? undefined) })} />
          <Select className={classes.whose} aria-label={t("sideBySide")} allowDeselect={false} data={BESIDE.map((many) => ({ value: String(many), label: t("beside", { count: many }) }))} value={String(periods)} onChange={(next) => change({ periods: next && next !== "1" ? Number(next) : undefined })} />
        </AnalysisFilters>
      }
    >
      <div className={classes.screen}>
        {first?.over && (
          <Alert color="gray" variant="light" icon={<IconLock size={17} />} role="note">
            {t("locked", { period: name(first.period, true), day: formatDay(first.to, language) })}
          </Alert>
        )}
        {!byMonth && <Months period={period} onChoose={(month) => change({ period: month })} />}
        {data?.up && (
          <div>
            <Button size="compact-sm" variant="subtle" leftSection={<IconArrowUp size={15} />} onClick={() => change({ person: data.up?.kind === "person" ? (data.up.id ?? undefined) : undefined, department: data.up?.kind === "department" ? (data.up.id ?? undefined) : undefined })}>
              {t("up", { name: data.up.name ?? me.organisation.name })}
            </Button>
          </div>
        )}
        <ForecastCard params={params}>{data && (data.rows.length > 1 || data.rows.some((row) => row.kind !== "own")) && <Lines key={data.of.id ?? ""} data={data} params={single} onSay={setSaying} />}</ForecastCard>
        {data && periods > 1 && <SideBySide data={data} />}
        {data?.of.kind === "person" && data.of.id && byMonth && <HistoryChart key={data.of.id} person={data.of.id} of={data} hasLine={data.total.has_line || data.rows.some((row) => row.kind === "person")} />}
      </div>
      {saying && data && <SayDialog saying={saying} currency={data.main_currency} onClose={() => setSaying(undefined)} />}
    </Page>
  );
}
