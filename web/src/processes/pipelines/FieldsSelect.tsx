import { MultiSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import { editableFields } from "~/fields/draft";
import { useLabel } from "~/i18n";

type Props = { object: string; label: string; description?: string; value: string[]; error?: string; withAsterisk?: boolean; onChange: (fields: string[]) => void };

/** Chooses fields that somebody can be asked to fill in. */
export function FieldsSelect({ object, value, ...rest }: Props) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const fields = useObject(object)?.fields ?? [];
  const asked = editableFields(fields, "edit", object);
  // One that may no longer be asked for stays in sight, to be taken out.
  const others = value.filter((key) => !asked.some((field) => field.key === key)).map((key) => ({ key, label: fields.find((field) => field.key === key)?.label ?? key }));
  return <MultiSelect placeholder={value.length === 0 ? t("noFields") : undefined} {...rest} searchable hidePickedOptions data={[...asked, ...others].map((field) => ({ value: field.key, label: label(field.label) }))} value={value} />;
}
