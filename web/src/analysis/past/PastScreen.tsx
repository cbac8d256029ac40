import { Button, Select, Tabs, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PIPELINE_BY, type PipelineBy } from "~/api/pipeline";
import { useObject } from "~/api/queries";
import { Page } from "~/ui/Page";
import { AnalysisFilters } from "../filters/AnalysisFilters";
import { questionOf } from "../filters/asked";
import { useAsked } from "../filters/useAsked";
import type { Measure } from "../pipeline/standing";
import { daysOf, isPeriod, periodAt, plus } from "../periods/periods";
import { useFiscal, usePeriodName } from "../periods/usePeriods";
import { AsOfPart } from "./AsOfPart";
import { isDay, PAST_DAYS, pastDay, SPANS, spanOf } from "./days";
import classes from "./past.module.css";
import { WaterfallChart } from "./WaterfallChart";

type Address = { tab?: "waterfall"; day?: string; by?: string; from?: string; to?: string; period?: string; measure?: Measure };

/** The pipeline of a past day beside today's, and what has happened between two days. */
export function PastScreen() {
  const { t } = useTranslation("past");
  const words = useTranslation("pipeline").t;
  const { fiscalStart, day: today } = useFiscal();
  const name = usePeriodName();
  const { asked, search, change } = useAsked<Address>();
  const object = useObject("opportunity");
  const tab = search.tab === "waterfall" ? "waterfall" : "day";
  const offered = PIPELINE_BY.filter((by) => object?.fields.some((field) => field.key === by));
  const by: PipelineBy = offered.find((one) => one === search.by) ?? "stage";
  const day = isDay(search.day) ? search.day : pastDay("lastMonth", today, fiscalStart);
  const standard = spanOf("thisQuarter", today, fiscalStart);
  const [from, to] = [isDay(search.from) ? search.from : standard.from, isDay(search.to) ? search.to : standard.to];
  const period = isPeriod(search.period) ? search.period : undefined;
  const within = period ? daysOf(period, fiscalStart) : undefined;
  const quarter = periodAt("quarter", today, fiscalStart);
  const month = periodAt("month", today, fiscalStart);
  const periods = [...new Set([...(period ? [period] : []), month, plus(month, 1), quarter, plus(quarter, 1), periodAt("year", today, fiscalStart)])];
  const input = (label: string, value: string, onChange: (next: string) => void) => (
    <TextInput type="date" aria-label={label} className={classes.day} max={today} value={value} onChange={(event) => isDay(event.currentTarget.value) && onChange(event.currentTarget.value)} />
  );
  return (
    <Page title={t("name")} above={<Link to="/analysis">{t("title", { ns: "analyses" })}</Link>}>
      <Tabs value={tab} keepMounted={false} onChange={(next) => change({ tab: next === "waterfall" ? "waterfall" : undefined })}>
        <Tabs.List mb="md">
          <Tabs.Tab value="day">{t("tabs.day")}</Tabs.Tab>
          <Tabs.Tab value="waterfall">{t("tabs.waterfall")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="day" className={classes.panel}>
          <div className={classes.days} role="group" aria-label={t("whichDay")}>
            {input(t("whichDay"), day, (next) => change({ day: next }))}
            {PAST_DAYS.map((pick) => (
              <Pick key={pick} text={t(`picks.${pick}`)} chosen={day === pastDay(pick, today, fiscalStart)} onPick={() => change({ day: pastDay(pick, today, fiscalStart) })} />
            ))}
          </div>
          <AnalysisFilters asked={asked} onChange={change}>
            <Select aria-label={words("dividedBy")} w={170} allowDeselect={false} data={offered.map((one) => ({ value: one, label: words("perOne", { by: words(`by.${one}`).toLowerCase() }) }))} value={by} onChange={(next) => change({ by: next === "stage" ? undefined : (next ?? undefined) })} />
          </AnalysisFilters>
          <AsOfPart params={questionOf(asked)} by={by} day={day} today={today} />
        </Tabs.Panel>
        <Tabs.Panel value="waterfall" className={classes.panel}>
          <div className={classes.days} role="group" aria-label={t("whichDays")}>
            {input(t("from"), from, (next) => change({ from: next }))}
            <span aria-hidden>–</span>
            {input(t("to"), to, (next) => change({ to: next }))}
            {SPANS.map((pick) => {
              const span = spanOf(pick, today, fiscalStart);
              return <Pick key={pick} text={t(`spans.${pick}`)} chosen={from === span.from && to === span.to} onPick={() => change(span)} />;
            })}
          </div>
          <AnalysisFilters asked={asked} onChange={change}>
            <Select aria-label={t("closing_in")} placeholder={t("anyClose")} w={210} clearable data={periods.map((one) => ({ value: one, label: t("closesIn", { period: name(one) }) }))} value={period ?? null} onChange={(next) => change({ period: next ?? undefined })} />
          </AnalysisFilters>
          <WaterfallChart params={{ ...questionOf(asked), from, to, period_from: within?.first, period_to: within?.last }} measure={search.measure} onMeasure={(measure) => change({ measure })} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Pick({ text, chosen, onPick }: { text: string; chosen: boolean; onPick: () => void }) {
  return (
    <Button size="compact-sm" variant={chosen ? "light" : "subtle"} color={chosen ? undefined : "gray"} aria-pressed={chosen} onClick={onPick}>
      {text}
    </Button>
  );
}
