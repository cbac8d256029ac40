import { MultiSelect, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FlowDocument, Trigger, Whose } from "~/api/approvalFlows";
import { useObject } from "~/api/queries";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { useLabel } from "~/i18n";
import { apiNameOf } from "./apiName";
import classes from "./flows.module.css";
import { said, type At } from "./places";

type Props = { draft: FlowDocument; stored: boolean; triggers: Trigger[]; at: At; onChange: (change: Partial<FlowDocument>) => void };

/** What a flow is called, and which acts it catches. */
export function AboutPart({ draft, stored, triggers, at, onChange }: Props) {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const fields = useObject(draft.object)?.fields ?? [];
  const stages = fields.find((field) => field.key === "stage")?.options ?? [];
  const named = (name: string) => onChange({ name, ...(stored || draft.api_name !== apiNameOf(draft.name) ? {} : { api_name: apiNameOf(name) }) });
  return (
    <section className={classes.part} aria-label={t("about")}>
      <h2>{t("about")}</h2>
      <div className={classes.pair}>
        <TextInput label={t("name")} withAsterisk autoFocus={draft.name === ""} value={draft.name} error={said(at("name"))} onChange={(event) => named(event.currentTarget.value)} />
        <TextInput label={t("apiName")} description={stored ? undefined : t("apiNameHint")} inputWrapperOrder={["label", "input", "description", "error"]} withAsterisk={!stored} disabled={stored} value={draft.api_name} error={said(at("api_name"))} onChange={(event) => onChange({ api_name: event.currentTarget.value })} />
        <Textarea className={classes.wide} label={t("description")} autosize minRows={1} maxRows={5} value={draft.description} error={said(at("description"))} onChange={(event) => onChange({ description: event.currentTarget.value })} />
        <Select
          label={t("triggerLabel")}
          allowDeselect={false}
          data={triggers.map((trigger) => ({ value: trigger, label: t(`trigger.${trigger}`) }))}
          value={draft.trigger}
          error={said([...at("object"), ...at("trigger")])}
          onChange={(trigger) => trigger && onChange({ trigger: trigger as Trigger, fields: [], stages: [] })}
        />
        {draft.trigger === "edit" && (
          <MultiSelect
            label={t("fields")}
            description={t("fieldsHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            placeholder={draft.fields.length === 0 ? t("anyField") : undefined}
            searchable
            hidePickedOptions
            data={fields.filter((field) => !field.system || draft.fields.includes(field.key)).map((field) => ({ value: field.key, label: label(field.label) }))}
            value={draft.fields}
            error={said(at("fields"))}
            onChange={(chosen) => onChange({ fields: chosen })}
          />
        )}
        {draft.trigger === "stage" && (
          <MultiSelect
            label={t("stages")}
            description={t("stagesHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            placeholder={draft.stages.length === 0 ? t("anyStage") : undefined}
            hidePickedOptions
            data={stages.filter((option) => (option.active && (option.stage_type ?? "in_progress") === "in_progress") || draft.stages.includes(option.key)).map((option) => ({ value: option.key, label: label(option.label) }))}
            value={draft.stages}
            error={said(at("stages"))}
            onChange={(chosen) => onChange({ stages: chosen })}
          />
        )}
        <Select label={t("initiatedAs")} allowDeselect={false} data={(["submitter", "owner"] as const).map((whose) => ({ value: whose, label: t(`whose.${whose}`) }))} value={draft.initiated_as} error={said(at("initiated_as"))} onChange={(whose) => whose && onChange({ initiated_as: whose as Whose })} />
      </div>
      <ConditionEditor object={draft.object} judgesChange={draft.trigger === "edit"} label={t("condition")} hint={t("conditionHint")} value={draft.condition} findings={at("condition")} onChange={(condition) => onChange({ condition: condition ?? null })} />
      <div className={classes.pair}>
        <Switch label={t("active")} description={t("activeHint")} checked={draft.active} onChange={(event) => onChange({ active: event.currentTarget.checked })} />
        <Switch label={t("ownerMayWithdraw")} description={t("ownerMayWithdrawHint")} checked={draft.owner_may_withdraw} onChange={(event) => onChange({ owner_may_withdraw: event.currentTarget.checked })} />
      </div>
    </section>
  );
}
