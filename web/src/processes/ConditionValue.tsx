import { Group, MultiSelect, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import type { Field, MoneyValue, Operator } from "~/api/types";
import { useLabel } from "~/i18n";
import { PersonSelect } from "~/people/PersonSelect";
import { VALUELESS } from "./conditionRows";

interface Props {
  field: Field;
  op: Operator;
  value: unknown;
  onChange: (value: unknown) => void;
}

const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** What a field is compared with, in the form that its type takes. */
export function ConditionValue({ field, op, value, onChange }: Props) {
  const { t } = useTranslation(["processes", "ui"]);
  const label = useLabel();
  const mainCurrency = useMe().organisation.main_currency;
  const common = { "aria-label": t("conditionValue"), size: "sm" as const };
  if (VALUELESS.has(op)) return <span />;

  switch (field.type) {
    case "select":
    case "multi_select": {
      const data = (field.options ?? []).map((option) => ({ value: option.key, label: label(option.label) }));
      if (op === "in" || op === "not_in")
        return <MultiSelect {...common} data={data} value={Array.isArray(value) ? (value as string[]) : []} onChange={onChange} />;
      return <Select {...common} data={data} value={text(value) || null} onChange={onChange} />;
    }
    case "boolean":
      return (
        <Select
          {...common}
          data={[
            { value: "true", label: t("ui:yes") },
            { value: "false", label: t("ui:no") },
          ]}
          value={value === undefined || value === null ? null : String(value)}
          onChange={(choice) => onChange(choice === "true")}
        />
      );
    case "employee":
    case "department":
    case "reference":
    case "master":
      return (
        <PersonSelect
          {...common}
          object={field.type === "employee" || field.type === "department" ? field.type : (field.object ?? "account")}
          value={text(value) || null}
          onChange={onChange}
        />
      );
    case "currency": {
      const money = (typeof value === "object" && value !== null ? value : { amount: "", currency: mainCurrency }) as MoneyValue;
      return (
        <Group gap={4} wrap="nowrap">
          <TextInput {...common} inputMode="decimal" value={money.amount} onChange={(event) => onChange({ ...money, amount: event.currentTarget.value.trim() })} />
          <TextInput
            {...common}
            aria-label={t("currency")}
            w={64}
            maxLength={3}
            value={money.currency}
            onChange={(event) => onChange({ ...money, currency: event.currentTarget.value.toUpperCase() })}
          />
        </Group>
      );
    }
    case "date":
      return <TextInput {...common} type="date" value={text(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
    case "datetime":
      return (
        <TextInput
          {...common}
          type="datetime-local"
          value={text(value).slice(0, 16)}
          onChange={(event) => onChange(event.currentTarget.value ? `${event.currentTarget.value}:00Z` : "")}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          inputMode={field.type === "number" || field.type === "percent" ? "decimal" : undefined}
          value={text(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
