import { MultiSelect, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Field, Operator, Value } from "~/api/types";
import { FieldEdit } from "~/fields/FieldEdit";
import { useLabel } from "~/i18n";
import { PersonSelect } from "~/people/PersonSelect";

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
  const common = { "aria-label": t("conditionValue"), size: "sm" as const };

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
    default:
      return <FieldEdit field={field} value={value as Value} required={false} description="" aria-label={t("conditionValue")} onChange={onChange} />;
  }
}
