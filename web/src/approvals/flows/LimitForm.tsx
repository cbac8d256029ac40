import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Limit } from "~/api/approvalFlows";
import classes from "./flows.module.css";
import { said, type At } from "./places";

const USUAL: Limit = { hours: 48, remind_hours_before: [4], then: "remind" };
const hoursIn = (text: string) => text.split(/[,，;\s]+/).filter(Boolean).map(Number).filter((hours) => Number.isInteger(hours) && hours > 0);

/** How long somebody has, when he is reminded, and what is done when the time is over. */
export function LimitForm({ limit, at, onChange }: { limit: Limit | null | undefined; at: At; onChange: (limit: Limit | null) => void }) {
  const { t } = useTranslation("flows");
  const [typed, setTyped] = useState((limit?.remind_hours_before ?? []).join(", "));
  return (
    <>
      <Switch
        label={t("limit")}
        checked={Boolean(limit)}
        onChange={(event) => {
          setTyped((USUAL.remind_hours_before ?? []).join(", "));
          onChange(event.currentTarget.checked ? USUAL : null);
        }}
      />
      {limit && (
        <div className={classes.pair}>
          <NumberInput label={t("hours")} description={t("hoursHint")} inputWrapperOrder={["label", "input", "description", "error"]} min={1} allowDecimal={false} value={limit.hours || ""} error={said(at("limit", "hours"))} onChange={(hours) => onChange({ ...limit, hours: Number(hours) || 0 })} />
          <TextInput
            label={t("remind")}
            description={t("remindHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={typed}
            error={said(at("limit", "remind_hours_before"))}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              onChange({ ...limit, remind_hours_before: hoursIn(event.currentTarget.value) });
            }}
          />
          <Select label={t("then")} allowDeselect={false} data={(["remind", "agree", "reject", "manager"] as const).map((it) => ({ value: it, label: t(`thens.${it}`) }))} value={limit.then ?? "remind"} error={said(at("limit", "then"))} onChange={(then) => then && onChange({ ...limit, then: then as Limit["then"] })} />
        </div>
      )}
    </>
  );
}
