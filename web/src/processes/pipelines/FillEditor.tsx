import { ActionIcon, Button, Select, Stack, Text } from "@mantine/core";
import { IconArrowLeft, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Fill } from "~/api/processes";
import { useObject } from "~/api/queries";
import { FieldPicker } from "~/conditions/FieldPicker";
import { editableFields } from "~/fields/draft";
import { useLabel } from "~/i18n";
import classes from "./pipelines.module.css";

type Props = {
  /** The object of the new record. */
  object: string;
  /** Its field that is filled anyway, by the link to the deal. */
  link: string;
  fill: Fill[];
  errorAt: (index: number) => string | undefined;
  onChange: (fill: Fill[]) => void;
};

const HOPS = 1;

/** What a new record begins with, field by field, from the deal. */
export function FillEditor({ object, link, fill, errorAt, onChange }: Props) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const target = useObject(object);
  if (!target) return null;
  const fields = editableFields(target.fields, "create", object).filter((field) => field.key !== link);
  const nameOf = (key: string) => label(target.fields.find((field) => field.key === key)?.label) || key;
  const put = (index: number, change: Partial<Fill>) => onChange(fill.map((it, position) => (position === index ? { ...it, ...change } : it)));
  const choices = (key: string) => [...fields.map((field) => ({ value: field.key, label: label(field.label) })), ...(key && !fields.some((field) => field.key === key) ? [{ value: key, label: nameOf(key) }] : [])];
  return (
    <Stack gap="xs" role="group" aria-label={t("fill")}>
      <Text size="sm" fw={550}>
        {t("fill")}
      </Text>
      <p className={classes.fine}>{t("fillHint")}</p>
      {fill.map((pair, index) => (
        <div key={index}>
          <div className={classes.fill}>
            <Select aria-label={t("fillField", { object: label(target.label) })} placeholder={t("fillField", { object: label(target.label) })} searchable allowDeselect={false} data={choices(pair.field)} value={pair.field || null} error={Boolean(errorAt(index))} onChange={(field) => field && put(index, { field })} />
            <IconArrowLeft size={15} aria-label={t("fillFrom")} />
            <FieldPicker object="opportunity" hops={HOPS} aria-label={t("fillSource")} value={pair.from || null} onChange={(path) => put(index, { from: path.key })} />
            <ActionIcon aria-label={t("removeFill", { field: nameOf(pair.field) })} onClick={() => onChange(fill.filter((_, position) => position !== index))}>
              <IconX size={15} />
            </ActionIcon>
          </div>
          {errorAt(index) && <p className={classes.wrong}>{errorAt(index)}</p>}
        </div>
      ))}
      <Button variant="subtle" size="compact-sm" ml={-8} w="fit-content" leftSection={<IconPlus size={14} />} onClick={() => onChange([...fill, { field: "", from: "" }])}>
        {t("addFill")}
      </Button>
    </Stack>
  );
}
