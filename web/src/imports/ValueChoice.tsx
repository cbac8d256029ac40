import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Field } from "~/api/types";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel } from "~/i18n";
import { isChoice, targetObject } from "./targets";

type Props = { field: Field; value: string | null; label: string; placeholder?: string; onChoose: (to: string | null) => void };

/** What a text stands for: an option of the field, or a record by its name. */
export function ValueChoice({ field, value, label: name, placeholder, onChoose }: Props) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  if (isChoice(field)) {
    const data = (field.options ?? []).filter((option) => option.active || option.key === value).map((option) => ({ value: option.key, label: label(option.label) }));
    return <Select size="xs" aria-label={name} placeholder={placeholder ?? t("choose")} searchable clearable data={data} value={data.some((it) => it.value === value) ? value : null} onChange={onChoose} />;
  }
  const object = targetObject(field);
  if (!object) return null;
  // The name stands for the record: what is kept in a template can be read.
  return <RecordSelect size="xs" aria-label={name} placeholder={placeholder ?? t("choose")} object={object} value={value || null} name={value ?? undefined} onChange={(_, chosen) => onChoose(chosen ?? null)} />;
}
