import { ActionIcon, Button, Checkbox, MultiSelect, NumberInput, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe, useObjects } from "~/api/queries";
import type { Field, Value } from "~/api/types";
import { readDecimal } from "~/fields/decimals";
import { FieldEdit } from "~/fields/FieldEdit";
import { RecordsSelect } from "~/fields/RecordsSelect";
import { useLabel } from "~/i18n";
import { PersonSelect } from "~/people/PersonSelect";
import classes from "./conditions.module.css";
import { namedBy, targetOf } from "./fieldPaths";
import { arityOf, idOf, isCounted, isMap, PERIODS, periodOf, storedPeriod, valueKindOf, type PeriodName, type Row } from "./operators";

type Props = { field: Field; row: Row; onChange: (value: unknown) => void };

/** What a field is compared with, in the form that the comparison takes. */
export function ConditionValue({ field, row, onChange }: Props) {
  const { t } = useTranslation("conditions");
  const kind = valueKindOf(field);
  switch (arityOf(kind, row.op)) {
    case "none":
      return null;
    case "two": {
      const [low, high] = Array.isArray(row.value) ? (row.value as unknown[]) : [];
      return (
        <div className={classes.range} data-stacked={kind === "money" || undefined}>
          <One field={field} value={low} label={t("from")} onChange={(next) => onChange([next ?? null, high ?? null])} />
          <One field={field} value={high} label={t("to")} onChange={(next) => onChange([low ?? null, next ?? null])} />
        </div>
      );
    }
    case "many":
      return <Many field={field} value={Array.isArray(row.value) ? row.value : row.value === undefined || row.value === null ? [] : [row.value]} onChange={onChange} />;
    case "period":
      return <Within value={row.value} onChange={onChange} />;
    case "tree":
      return <Department value={row.value} onChange={onChange} />;
    default:
      return <One field={field} value={row.value} label={t("value")} onChange={onChange} />;
  }
}

type OneProps = { field: Field; value: unknown; label: string; onChange: (value: unknown) => void };

function One({ field, value, label: name, onChange }: OneProps) {
  const { t } = useTranslation("conditions");
  const label = useLabel();
  const main = useMe().organisation.main_currency;
  const common = { "aria-label": name, size: "sm" as const };
  switch (valueKindOf(field)) {
    case "select":
    case "multi_select":
      return <Select {...common} data={(field.options ?? []).map((option) => ({ value: option.key, label: label(option.label) }))} value={typeof value === "string" ? value : null} onChange={(key) => onChange(key ?? undefined)} searchable={(field.options?.length ?? 0) > 8} />;
    case "boolean":
      return (
        <Select
          {...common}
          allowDeselect={false}
          data={[
            { value: "true", label: t("yes", { ns: "ui" }) },
            { value: "false", label: t("no", { ns: "ui" }) },
          ]}
          value={typeof value === "boolean" ? String(value) : null}
          onChange={(choice) => onChange(choice === "true")}
        />
      );
    case "employee":
    case "department":
    case "record":
      return <PersonSelect {...common} object={targetOf(field)} value={idOf(value)} onChange={(id) => onChange(id ?? undefined)} />;
    case "regarding":
      return <Regarding {...common} value={value} onChange={onChange} />;
    case "money": {
      const money = isMap(value) ? value : value === undefined || value === null ? null : { amount: String(value), currency: main };
      return <FieldEdit field={{ ...field, type: "currency" }} value={money as Value} required={false} description="" aria-label={name} onChange={(next) => onChange(next ?? undefined)} />;
    }
    case "datetime":
      // A whole day says what is meant; a moment that was written to the second stays one.
      return <FieldEdit field={{ ...field, type: typeof value === "string" && value.length > 10 ? "datetime" : "date" }} value={value as Value} required={false} description="" aria-label={name} onChange={(next) => onChange(next ?? undefined)} />;
    case "number":
      return <FieldEdit field={{ ...field, type: field.type === "percent" ? "percent" : "number" }} value={value as Value} required={false} description="" aria-label={name} onChange={(next) => onChange(next ?? undefined)} />;
    case "date":
    case "process":
      return <FieldEdit field={{ ...field, type: valueKindOf(field) as "date" | "process" }} value={value as Value} required={false} description="" aria-label={name} onChange={(next) => onChange(next ?? undefined)} />;
    default:
      return <TextInput {...common} value={typeof value === "string" ? value : ""} onChange={(event) => onChange(event.currentTarget.value || undefined)} />;
  }
}

function Many({ field, value, onChange }: { field: Field; value: unknown[]; onChange: (value: unknown) => void }) {
  const { t } = useTranslation("conditions");
  const label = useLabel();
  const common = { "aria-label": t("values"), size: "sm" as const };
  switch (valueKindOf(field)) {
    case "select":
    case "multi_select":
      return <MultiSelect {...common} data={(field.options ?? []).map((option) => ({ value: option.key, label: label(option.label) }))} value={value.map(String)} onChange={onChange} searchable={(field.options?.length ?? 0) > 8} hidePickedOptions />;
    case "employee":
    case "department":
    case "record":
    case "records":
      return <RecordsSelect {...common} object={namedBy(field) ?? ""} value={value.flatMap((it) => idOf(it) ?? [])} onChange={onChange} />;
    case "text":
    case "auto_number":
      return <TagsInput {...common} placeholder={value.length === 0 ? t("typeValues") : undefined} value={value.map(String)} onChange={onChange} splitChars={[]} />;
    case "number":
      return <TagsInput {...common} placeholder={value.length === 0 ? t("typeValues") : undefined} value={value.map(String)} onChange={(next) => onChange(next.map((it) => readDecimal(it) ?? it))} splitChars={[";"]} />;
    default:
      return (
        <Stack gap={4}>
          {value.map((one, index) => (
            <div key={index} className={classes.listed}>
              <One field={field} value={one} label={t("value")} onChange={(next) => onChange(value.map((it, at) => (at === index ? next : it)))} />
              <ActionIcon aria-label={t("removeValue")} onClick={() => onChange(value.filter((_, at) => at !== index))}>
                <IconX size={15} />
              </ActionIcon>
            </div>
          ))}
          <div>
            <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={13} />} onClick={() => onChange([...value, ""])}>
              {t("addValue")}
            </Button>
          </div>
        </Stack>
      );
  }
}

function Within({ value, onChange }: { value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useTranslation("conditions");
  const period = periodOf(value);
  return (
    <div className={classes.period}>
      <Select aria-label={t("value")} size="sm" allowDeselect={false} data={PERIODS.map((name) => ({ value: name, label: t(`periods.${name}`) }))} value={period?.name ?? null} onChange={(name) => name && onChange(storedPeriod({ name: name as PeriodName, n: period?.n }))} maxDropdownHeight={320} />
      {period && isCounted(period.name) && (
        <NumberInput aria-label={t("days")} size="sm" min={1} max={36_500} allowDecimal={false} clampBehavior="strict" value={period.n ?? ""} onChange={(n) => onChange({ name: period.name, ...(typeof n === "number" ? { n } : {}) })} suffix={` ${t("daysUnit")}`} />
      )}
    </div>
  );
}

function Department({ value, onChange }: { value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useTranslation("conditions");
  const withSub = !(isMap(value) && value.with_sub === false);
  const write = (id: string | null, sub: boolean) => onChange(id === null ? undefined : sub ? id : { id, with_sub: false });
  return (
    <div className={classes.tree}>
      <PersonSelect aria-label={t("value")} size="sm" object="department" value={idOf(value)} onChange={(id) => write(id, withSub)} />
      <Checkbox size="xs" label={t("withSub")} checked={withSub} onChange={(event) => write(idOf(value), event.currentTarget.checked)} />
    </div>
  );
}

function Regarding({ value, onChange, ...common }: { value: unknown; onChange: (value: unknown) => void; "aria-label": string; size: "sm" }) {
  const { t } = useTranslation("conditions");
  const label = useLabel();
  const objects = useObjects();
  const object = isMap(value) ? String(value.object) : "opportunity";
  return (
    <div className={classes.range}>
      <Select {...common} aria-label={t("kind")} allowDeselect={false} data={objects.map((it) => ({ value: it.key, label: label(it.label) }))} value={object} onChange={(key) => key && onChange({ object: key, id: "" })} />
      <PersonSelect {...common} object={object} value={idOf(value)} onChange={(id) => onChange(id ? { object, id } : undefined)} />
    </div>
  );
}
