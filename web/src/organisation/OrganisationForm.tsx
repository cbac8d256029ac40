import { Button, Group, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { keys } from "~/api/queries";
import type { Language, Organisation } from "~/api/types";
import { useLanguage } from "~/i18n";
import { currencies, monthName, timeZones, WEEKDAYS, weekdayName } from "./calendarNames";

const FIELDS = ["name", "main_currency", "time_zone", "currencies", "week_start", "fiscal_year_start_month", "language", "deal_amount", "department_of_deals"];
const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);

/** The organisation's settings; only what was changed is sent. */
export function OrganisationForm({ stored, editable }: { stored: Organisation; editable: boolean }) {
  const { t } = useTranslation("organisation");
  const language = useLanguage();
  const client = useQueryClient();
  const [changes, setChanges] = useState<Partial<Organisation>>({});
  const shown = { ...stored, ...changes };
  const set = (change: Partial<Organisation>) => setChanges((now) => ({ ...now, ...change }));

  const save = useMutation({
    mutationFn: () => patch<Organisation>("/organisation", changes),
    onSuccess: (saved) => {
      client.setQueryData(keys.organisation, saved);
      setChanges({});
      notifications.show({ icon: <IconCheck size={18} />, message: t("saved") });
      void client.invalidateQueries({ queryKey: keys.me });
      void client.invalidateQueries({ queryKey: ["board"] });
    },
  });
  const findings = findingsOfError(save.error, FIELDS);
  const errorAt = (field: string) => findings.byField[field]?.join(" ");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };

  return (
    <form onSubmit={submit}>
      <fieldset disabled={!editable} style={{ border: 0, margin: 0, padding: 0 }}>
        <Stack gap="sm" maw={460}>
          <TextInput label={t("name")} value={shown.name} error={errorAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
          <Select
            label={t("mainCurrency")}
            description={t("mainCurrencyHint")}
            data={currencies(language)}
            searchable
            allowDeselect={false}
            limit={60}
            value={shown.main_currency}
            error={errorAt("main_currency")}
            onChange={(code) => code && set({ main_currency: code })}
          />
          <MultiSelect
            label={t("currencies")}
            description={t("currenciesHint")}
            placeholder={(shown.currencies ?? []).length === 0 ? t("currenciesAll") : undefined}
            data={currencies(language)}
            searchable
            clearable
            hidePickedOptions
            limit={60}
            value={shown.currencies ?? []}
            error={Object.entries(findings.byField).find(([path]) => path.startsWith("currencies"))?.[1]?.join(" ")}
            onChange={(codes) => set({ currencies: codes })}
          />
          <Select
            label={t("timeZone")}
            description={t("timeZoneHint")}
            data={timeZones()}
            searchable
            allowDeselect={false}
            limit={60}
            value={shown.time_zone}
            error={errorAt("time_zone")}
            onChange={(zone) => zone && set({ time_zone: zone })}
          />
          <Group grow align="flex-start">
            <Select
              label={t("weekStart")}
              data={WEEKDAYS.map((day, index) => ({ value: day, label: weekdayName(index, language) }))}
              allowDeselect={false}
              value={String(shown.week_start)}
              error={errorAt("week_start")}
              onChange={(day) => day && set({ week_start: day })}
            />
            <Select
              label={t("fiscalYear")}
              data={MONTHS.map((month) => ({ value: String(month), label: monthName(month, language) }))}
              allowDeselect={false}
              value={String(shown.fiscal_year_start_month)}
              error={errorAt("fiscal_year_start_month")}
              onChange={(month) => month && set({ fiscal_year_start_month: Number(month) })}
            />
          </Group>
          <Select
            label={t("language")}
            description={t("languageHint")}
            data={(["en", "zh-CN"] as Language[]).map((it) => ({ value: it, label: t(`languages.${it}`) }))}
            allowDeselect={false}
            value={shown.language}
            error={errorAt("language")}
            onChange={(it) => it && set({ language: it as Language })}
          />
          {shown.deal_amount && (
            <Select
              label={t("dealAmount")}
              description={t(`dealAmountHint.${shown.deal_amount}`)}
              data={(["lines", "typed"] as const).map((it) => ({ value: it, label: t(`dealAmounts.${it}`) }))}
              allowDeselect={false}
              value={shown.deal_amount}
              error={errorAt("deal_amount")}
              onChange={(it) => it && set({ deal_amount: it as Organisation["deal_amount"] })}
            />
          )}
          {shown.department_of_deals && (
            <Select
              label={t("departmentOfDeals")}
              description={t(`departmentOfDealsHint.${shown.department_of_deals}`)}
              data={(["owner", "deal"] as const).map((it) => ({ value: it, label: t(`departmentsOfDeals.${it}`) }))}
              allowDeselect={false}
              value={shown.department_of_deals}
              error={errorAt("department_of_deals")}
              onChange={(it) => it && set({ department_of_deals: it as Organisation["department_of_deals"] })}
            />
          )}
          {findings.general.map((message) => (
            <p key={message} role="alert" style={{ margin: 0, color: "var(--danger)" }}>
              {message}
            </p>
          ))}
          {editable && (
            <div>
              <Button type="submit" loading={save.isPending} disabled={Object.keys(changes).length === 0}>
                {t("save")}
              </Button>
            </div>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}
