import { MultiSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import { editableFields } from "~/fields/draft";
import { useLabel } from "~/i18n";

type Props = { object: string; label: string; value: string[]; error?: string; withAsterisk?: boolean; onChange: (fields: string[]) => void };

/** Fields that go by other acts than an approval's: by handing over, by moving. */
const ELSEWHERE = ["owner", "stage", "sales_process"];

/** Chooses fields that whoever is asked may be let fill in. */
export function AskedFields({ object, value, ...rest }: Props) {
  const { t } = useTranslation("flows");
  const label = useLabel();
  const fields = useObject(object)?.fields ?? [];
  const offered = editableFields(fields, "edit", object).filter((field) => !ELSEWHERE.includes(field.key));
  // One that may no longer be asked for stays in sight, to be taken out.
  const others = value.filter((key) => !offered.some((field) => field.key === key)).map((key) => ({ key, label: fields.find((field) => field.key === key)?.label ?? key }));
  return <MultiSelect {...rest} placeholder={value.length === 0 ? t("nothing") : undefined} searchable hidePickedOptions data={[...offered, ...others].map((field) => ({ value: field.key, label: label(field.label) }))} value={value} />;
}
