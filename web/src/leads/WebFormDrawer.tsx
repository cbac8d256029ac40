import { ActionIcon, Button, Checkbox, Drawer, Group, NumberInput, Radio, Select, Stack, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { useSaveWebForm, webFormOf, type FormAssignment, type WebForm, type WebFormDocument } from "~/api/leadAdmin";
import { isConflict, messageOf } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Field, FieldType } from "~/api/types";
import { FieldEdit } from "~/fields/FieldEdit";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel, useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { PersonSelect } from "~/people/PersonSelect";
import { ChangedMeanwhile } from "./AssignmentRuleDrawer";
import classes from "./leads.module.css";

/** What a stranger may fill in: no records, people or files. */
const OFFERED: ReadonlySet<FieldType> = new Set(["text", "long_text", "email", "phone", "url", "number", "percent", "currency", "boolean", "date", "datetime", "select", "multi_select"]);
const offered = (field: Field) => OFFERED.has(field.type) && !field.read_only && !field.system;
const PARTS = ["name", "title", "origins", "thanks_url", "thanks", "minimum_seconds", "assignment", "language"];

const begun = (language: string): WebFormDocument => ({
  name: "",
  active: true,
  language,
  title: "",
  fields: ["name", "company", "email", "phone", "description"].map((field) => ({ field, required: field === "name" || field === "email", label: "" })),
  values: { lead_source: "website" },
  origins: [],
  thanks_url: null,
  thanks: "",
  assignment: { by: "rules" },
  minimum_seconds: 2,
});

/** A web form: new, or one to change. */
export function WebFormDrawer({ form, onClose, onMade }: { form?: WebForm; onClose: () => void; onMade: (form: WebForm) => void }) {
  const { t } = useTranslation("leads");
  const label = useLabel();
  const language = useLanguage();
  const object = useObject("lead");
  const [base, setBase] = useState(form);
  const [draft, setDraft] = useState<WebFormDocument>(form ? webFormOf(form) : begun(language));
  const save = useSaveWebForm();
  const present = isConflict(save.error) ? (save.error.record as unknown as WebForm | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const textAt = (start: string) => violations.filter(({ path }) => path === start || (path ?? "").startsWith(`${start}/`)).map((it) => it.message).join(" ") || undefined;
  const known = (path: string) => PARTS.some((part) => path === part || path.startsWith(`${part}/`)) || path.startsWith("fields/") || path.startsWith("values/");
  const loose = save.isError && !present ? (violations.length > 0 ? violations.filter(({ path }) => !known(path ?? "")).map((it) => it.message) : [messageOf(save.error)]) : [];
  const set = (change: Partial<WebFormDocument>) => setDraft((now) => ({ ...now, ...change }));
  const all = (object?.fields ?? []).filter(offered);
  const free = all.filter((field) => !draft.fields.some((it) => it.field === field.key) && !(field.key in draft.values)).map((field) => ({ value: field.key, label: label(field.label) }));
  const fieldOf = (key: string) => all.find((field) => field.key === key);
  const swap = (index: number, by: number) => {
    const fields = [...draft.fields];
    const [moved] = fields.splice(index, 1);
    if (moved) fields.splice(index + by, 0, moved);
    set({ fields });
  };
  return (
    <Drawer opened position="right" size={680} onClose={onClose} closeOnClickOutside={false} title={form ? t("editForm", { name: form.name }) : t("newForm")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(
            { document: { ...draft, thanks_url: draft.thanks_url?.trim() || null }, over: base },
            {
              onSuccess: (saved) => {
                told(t("saved", { name: saved.name }));
                onClose();
                if (!form) onMade(saved);
              },
            },
          );
        }}
      >
        <Stack gap="lg">
          <GeneralFindings findings={{ byField: {}, general: loose }} />
          {present && <ChangedMeanwhile onTake={() => (setBase(present), setDraft(webFormOf(present)), save.reset())} onKeep={() => (setBase(present), save.reset())} />}
          <TextInput data-autofocus label={t("formName")} description={t("formNameHint")} withAsterisk value={draft.name} error={textAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
          <Group grow align="start">
            <TextInput label={t("formTitle")} value={draft.title} error={textAt("title")} onChange={(event) => set({ title: event.currentTarget.value })} />
            <Select label={t("formLanguage")} allowDeselect={false} data={[{ value: "en", label: "English" }, { value: "zh-CN", label: "简体中文" }]} value={draft.language} error={textAt("language")} onChange={(next) => next && set({ language: next })} />
          </Group>
          <fieldset className={classes.set}>
            <legend>{t("formFields")}</legend>
            <ul className={classes.pairs}>
              {draft.fields.map((it, index) => {
                const name = label(fieldOf(it.field)?.label) || it.field;
                const change = (next: Partial<typeof it>) => set({ fields: draft.fields.map((one, at) => (at === index ? { ...one, ...next } : one)) });
                return (
                  <li key={it.field} className={classes.formField}>
                    <TextInput aria-label={t("fieldLabel", { name })} placeholder={name} value={it.label} error={textAt(`fields/${index}`)} onChange={(event) => change({ label: event.currentTarget.value })} />
                    <Checkbox label={t("required")} aria-label={`${t("required")}: ${name}`} checked={it.required} onChange={(event) => change({ required: event.currentTarget.checked })} />
                    <ActionIcon aria-label={t("up", { name })} disabled={index === 0} onClick={() => swap(index, -1)}>
                      <IconArrowUp size={15} />
                    </ActionIcon>
                    <ActionIcon aria-label={t("down", { name })} disabled={index === draft.fields.length - 1} onClick={() => swap(index, 1)}>
                      <IconArrowDown size={15} />
                    </ActionIcon>
                    <ActionIcon aria-label={t("removeField", { name })} onClick={() => set({ fields: draft.fields.filter((_, at) => at !== index) })}>
                      <IconX size={15} />
                    </ActionIcon>
                  </li>
                );
              })}
            </ul>
            <Select aria-label={t("addField")} placeholder={t("addField")} searchable data={free} value={null} onChange={(key) => key && set({ fields: [...draft.fields, { field: key, required: false, label: "" }] })} />
          </fieldset>
          <fieldset className={classes.set}>
            <legend>{t("values")}</legend>
            <p className={classes.fine}>{t("valuesHint")}</p>
            {Object.entries(draft.values).map(([key, value]) => {
              const field = fieldOf(key);
              return (
                field && (
                  <Group key={key} wrap="nowrap" align="end" gap="xs">
                    <div style={{ flex: 1, minWidth: 0 }}>
                      <FieldEdit field={field} value={value} required={false} error={textAt(`values/${key}`)} onChange={(next) => set({ values: { ...draft.values, [key]: next } })} />
                    </div>
                    <ActionIcon mb={6} aria-label={t("removeField", { name: label(field.label) })} onClick={() => set({ values: Object.fromEntries(Object.entries(draft.values).filter(([other]) => other !== key)) })}>
                      <IconX size={15} />
                    </ActionIcon>
                  </Group>
                )
              );
            })}
            <Select aria-label={t("addValue")} placeholder={t("addValue")} searchable data={free} value={null} onChange={(key) => key && set({ values: { ...draft.values, [key]: null } })} />
          </fieldset>
          <Assignment value={draft.assignment} error={textAt("assignment")} onChange={(assignment) => set({ assignment })} />
          <TagsInput label={t("origins")} description={t("originsHint")} placeholder="https://www.example.com" value={draft.origins} error={textAt("origins")} onChange={(origins) => set({ origins })} />
          <TextInput label={t("thanksUrl")} description={t("thanksUrlHint")} value={draft.thanks_url ?? ""} error={textAt("thanks_url")} onChange={(event) => set({ thanks_url: event.currentTarget.value })} />
          <Textarea label={t("thanks")} autosize minRows={2} value={draft.thanks} error={textAt("thanks")} onChange={(event) => set({ thanks: event.currentTarget.value })} />
          <NumberInput label={t("minimumSeconds")} description={t("minimumSecondsHint")} min={0} max={60} value={draft.minimum_seconds} error={textAt("minimum_seconds")} onChange={(next) => set({ minimum_seconds: Number(next) || 0 })} />
          <Switch label={t("formActive")} checked={draft.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

function Assignment({ value, error, onChange }: { value: FormAssignment; error?: string; onChange: (value: FormAssignment) => void }) {
  const { t } = useTranslation("leads");
  const put = (by: string) => onChange(by === "person" ? { by, person: "" } : { by: by as "rules" | "nobody" });
  return (
    <Stack gap="xs">
      <Radio.Group label={t("whoGets")} value={value.by} onChange={put}>
        <Stack gap={6} mt={6}>
          {(["rules", "person", "nobody"] as const).map((by) => (
            <Radio key={by} value={by} label={t(`assignment.${by}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {value.by === "person" && <PersonSelect aria-label={t("assignment.person")} value={value.person || null} error={error} onChange={(person) => onChange({ by: "person", person: person ?? "" })} />}
    </Stack>
  );
}
