import { Button, NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAfterDefinition, useChangeField, useCreateField, type Definition, type FieldDefinition } from "~/api/definitions";
import { ApiProblem } from "~/api/http";
import { fieldOfPath, findingsOfError } from "~/api/problem";
import { useObjects } from "~/api/queries";
import type { Field, Violation } from "~/api/types";
import { DecimalInput } from "~/fields/DecimalInput";
import { FieldEdit } from "~/fields/FieldEdit";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { today } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { CalculatedSettings } from "./CalculatedSettings";
import { creationOf, draftOfField, fieldChanges, optionsOf, type FieldDraft } from "./fieldDraft";
import { hasSetting } from "./fieldTypes";
import { suggestKey } from "./keys";
import { LabelInputs } from "./LabelInputs";
import { KeyInput, NumberPattern } from "./ObjectDialog";
import { Meanwhile } from "./Meanwhile";
import { presentOf, writeOver } from "./meanwhile";
import { OptionsEditor } from "./OptionsEditor";
import { SettingWords, useSettingName } from "./settingWords";
import { StatisticalSettings } from "./StatisticalSettings";
import classes from "./objects.module.css";

const SHOWN = [
  "label", "help", "key", "required", "unique", "fast", "read_only", "default", "required_when", "visible_when", "max_length", "pattern", "scale", "min", "max", "options", "object", "formula", "result",
  "indexed", "of", "via", "function", "field", "condition",
];

type Props = {
  object: Definition;
  field?: FieldDefinition;
  draft: FieldDraft;
  onChange: (change: Partial<FieldDraft>) => void;
  onSaved: (name: string, message: "fieldCreated" | "fieldBeingMade" | "fieldSaved") => void;
  onClose: () => void;
  children?: ReactNode;
};

/** The settings of a field; what the server finds wrong stands at its setting. */
export function FieldEditor({ object, field, draft, onChange, onSaved, onClose, children }: Props) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const taken = [...object.fields.map((it) => it.key), ...object.retired];
  const create = useCreateField(object.key);
  const change = useChangeField(object.key, field?.key ?? "");
  const after = useAfterDefinition();
  const nameOfSetting = useSettingName();
  // What the person saw on opening; others and the work on fields change the definition meanwhile.
  const [base, setBase] = useState<{ version: number; field?: FieldDefinition }>({ version: object.version, field });
  const begun = base.field && draftOfField(base.field);
  const changes = begun ? fieldChanges(draft, begun) : undefined;
  const same = (present: Definition) => {
    const now = begun && fieldIn(present, begun);
    return now !== undefined && begun !== undefined && Object.keys(fieldChanges(now, begun)).length === 0;
  };
  const save = field ? change : create;
  const findings = findingsOfError(save.error, SHOWN);
  const violations = save.error instanceof ApiProblem ? save.error.violations : [];
  const errorAt = (key: string) => findings.byField[key]?.join(" ");
  const findingsAt = (key: string): Violation[] => violations.filter((it) => fieldOfPath(it.path) === key);

  const present = presentOf(change.error);
  const now = present && begun && fieldIn(present, begun);
  const submit = (version = base.version) => {
    const name = label(draft.label) || draft.label.en || draft.label["zh-CN"];
    if (changes) void writeOver(version, same, (seen) => change.mutateAsync({ body: changes, version: seen })).then(() => onSaved(name, "fieldSaved"), () => undefined);
    else create.mutate(creationOf(draft), { onSuccess: ({ field: made }) => onSaved(name, made?.state === "live" ? "fieldCreated" : "fieldBeingMade") });
  };

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        // The forms of questions asked from here are not within this one, though their events come by.
        if (event.target === event.currentTarget) submit();
      }}
    >
      <Stack gap="md">
        {present ? (
          <Meanwhile
            text={now ? undefined : t("meanwhileGone")}
            rows={
              now && begun && changes
                ? Object.keys(fieldChanges(now, begun))
                    .filter((key) => key in changes)
                    .map((key) => ({ name: nameOfSetting(key), now: <SettingWords object={object.key} draft={now} setting={key} />, mine: <SettingWords object={object.key} draft={draft} setting={key} /> }))
                : []
            }
            busy={change.isPending}
            onKeepMine={() => submit(present.version)}
            onTakeTheirs={() => {
              const taken = present.fields.find((it) => it.key === base.field?.key);
              void after(object.key);
              if (!now || !taken) return onClose();
              setBase({ version: present.version, field: taken });
              onChange(now);
              change.reset();
            }}
          />
        ) : (
          <GeneralFindings findings={findings} />
        )}
        <LabelInputs what={t("label")} required autoFocus={!field} value={draft.label} error={errorAt("label")} description={field ? undefined : t("copied")} onChange={(it) => onChange({ label: it })} />
        {!field && <KeyInput value={draft.key ?? suggestKey(draft.label, taken, "field")} hint={t("fieldKeyHint")} error={errorAt("key")} onChange={(key) => onChange({ key })} />}
        <TypeSettings object={object.key} draft={draft} fixed={Boolean(field)} violations={violations} errorAt={errorAt} findingsAt={findingsAt} onChange={onChange} />
        <LabelInputs what={t("help")} lines value={draft.help} error={errorAt("help")} description={t("helpHint")} onChange={(help) => onChange({ help })} />
        <Settings room={object.room} draft={draft} errorAt={errorAt} onChange={onChange} />
        {hasSetting(draft.type, "conditions") && (
          <section className={classes.part}>
            <h3 className={classes.partTitle}>{t("conditions")}</h3>
            {hasSetting(draft.type, "required") && (
              <ConditionEditor object={object.key} label={t("requiredWhen")} hint={t("requiredWhenHint")} value={draft.required_when} findings={findingsAt("required_when")} onChange={(required_when) => onChange({ required_when })} />
            )}
            <ConditionEditor object={object.key} label={t("visibleWhen")} hint={t("visibleWhenHint")} value={draft.visible_when} findings={findingsAt("visible_when")} onChange={(visible_when) => onChange({ visible_when })} />
          </section>
        )}
        {children}
        <div className={classes.foot}>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={changes !== undefined && Object.keys(changes).length === 0}>
            {field ? t("save") : t("create")}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

/** The field as it is in a definition, where it can be used. */
function fieldIn(definition: Definition, { key }: FieldDraft): FieldDraft | undefined {
  const field = definition.fields.find((it) => it.key === key);
  return field && field.state !== "hidden" && field.state !== "disabled" ? draftOfField(field) : undefined;
}

type Part = { draft: FieldDraft; errorAt: (key: string) => string | undefined; onChange: (change: Partial<FieldDraft>) => void };

/** What only this type of field has to say. */
function TypeSettings({ object, draft, fixed, violations, errorAt, findingsAt, onChange }: Part & { object: string; fixed: boolean; violations: Violation[]; findingsAt: (key: string) => Violation[] }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const objects = useObjects();
  const timeZone = useTimeZone();
  const scale = <NumberInput label={t("scale")} min={0} max={6} value={draft.scale} error={errorAt("scale")} onChange={(value) => onChange({ scale: Number(value) || 0 })} />;
  switch (draft.type) {
    case "text":
      return (
        <div className={classes.pair}>
          <NumberInput label={t("maxLength")} min={1} value={draft.max_length} error={errorAt("max_length")} onChange={(value) => onChange({ max_length: String(value) })} />
          <TextInput label={t("pattern")} description={t("patternHint")} inputWrapperOrder={["label", "input", "description", "error"]} spellCheck={false} value={draft.pattern} error={errorAt("pattern")} onChange={(event) => onChange({ pattern: event.currentTarget.value })} />
        </div>
      );
    case "number":
      return (
        <div className={classes.pair} data-three>
          {scale}
          <DecimalInput label={t("min")} value={draft.min} error={errorAt("min")} onChange={(min) => onChange({ min: min ?? "" })} />
          <DecimalInput label={t("max")} value={draft.max} error={errorAt("max")} onChange={(max) => onChange({ max: max ?? "" })} />
        </div>
      );
    case "percent":
      return <div className={classes.pair}>{scale}</div>;
    case "select":
    case "multi_select":
      return <OptionsEditor rows={draft.options} violations={violations} error={errorAt("options")} onChange={(options) => onChange({ options })} />;
    case "reference":
    case "references":
    case "master":
      return (
        <Select
          label={t("target")}
          withAsterisk
          searchable
          allowDeselect={false}
          disabled={fixed}
          data={objects.filter((it) => draft.type === "references" || (it.key !== "employee" && it.key !== "department")).map((it) => ({ value: it.key, label: label(it.label) }))}
          value={draft.object || null}
          error={errorAt("object")}
          onChange={(it) => it && onChange({ object: it })}
        />
      );
    case "auto_number":
      return <NumberPattern value={draft.pattern} error={errorAt("pattern")} day={today(timeZone)} onChange={(pattern) => onChange({ pattern })} />;
    case "calculated":
      return <CalculatedSettings object={object} draft={draft} errorAt={errorAt} findingsAt={findingsAt} onChange={onChange} />;
    case "statistical":
      return <StatisticalSettings object={object} draft={draft} errorAt={errorAt} findingsAt={findingsAt} onChange={onChange} />;
    default:
      return null;
  }
}

/** What most types have: whether it must be filled in, and how it begins. */
function Settings({ room, draft, errorAt, onChange }: Part & { room: Definition["room"] }) {
  const { t } = useTranslation("objects");
  const has = (setting: Parameters<typeof hasSetting>[1]) => hasSetting(draft.type, setting);
  if (!(["required", "unique", "fast", "read_only", "default"] as const).some(has)) return null;
  const field = { key: "default", type: draft.type, label: draft.label, required: false, options: optionsOf(draft.options), scale: draft.scale, object: draft.object } as Field;
  const option = (setting: "required" | "unique" | "fast" | "read_only", words: string, hint: string) =>
    has(setting) && <Switch label={words} description={hint} checked={draft[setting]} error={errorAt(setting)} onChange={(event) => onChange({ [setting]: event.currentTarget.checked })} />;
  return (
    <section className={classes.part}>
      <h3 className={classes.partTitle}>{t("settings")}</h3>
      {option("required", t("required"), t("requiredHint"))}
      {option("unique", t("unique"), t("uniqueHint"))}
      {option("fast", t("fast"), `${t("fastHint")} ${t("indexRoom", { used: room.indexes, limit: room.index_limit })}`)}
      {option("read_only", t("readOnly"), t("readOnlyHint"))}
      {has("default") && (
        <div style={{ maxWidth: draft.type === "long_text" || draft.type === "multi_select" ? undefined : 290 }}>
          <FieldEdit field={field} label={t("default")} value={draft.default} required={false} description="" error={errorAt("default")} onChange={(value) => onChange({ default: value })} />
        </div>
      )}
    </section>
  );
}
