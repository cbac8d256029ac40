import { ActionIcon, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CreateOnEntry } from "~/api/processes";
import { useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { FieldsSelect } from "./FieldsSelect";
import { FillEditor } from "./FillEditor";
import { linkable, linksOf } from "./linkable";
import classes from "./pipelines.module.css";
import { elsewhere, textAt, textOf, within, type Problem } from "./problems";

/** Records that are created when a terminal stage is entered, together with the move. */
export function CreatesEditor({ creates, problems, onChange }: { creates: CreateOnEntry[]; problems: Problem[]; onChange: (creates: CreateOnEntry[]) => void }) {
  const { t } = useTranslation("pipelines");
  return (
    <Stack gap="xs" role="group" aria-label={t("creates")}>
      <Text size="sm" fw={550}>
        {t("creates")}
      </Text>
      <p className={classes.fine}>{t("createsHint")}</p>
      {creates.map((create, index) => (
        <One
          key={index}
          create={create}
          problems={within(problems, "creates", index)}
          onChange={(change) => onChange(creates.map((it, position) => (position === index ? { ...it, ...change } : it)))}
          onRemove={() => onChange(creates.filter((_, position) => position !== index))}
        />
      ))}
      <Button variant="subtle" size="compact-sm" ml={-8} w="fit-content" leftSection={<IconPlus size={14} />} onClick={() => onChange([...creates, { object: "", link: "", fields: [], fill: [] }])}>
        {t("addCreate")}
      </Button>
    </Stack>
  );
}

function One({ create, problems, onChange, onRemove }: { create: CreateOnEntry; problems: Problem[]; onChange: (change: Partial<CreateOnEntry>) => void; onRemove: () => void }) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const objects = useObjects();
  const name = label(objects.find((it) => it.key === create.object)?.label) || t("newRecord");
  const loose = textOf(elsewhere(problems, "object", "link", "fields", "fill"));
  return (
    <div className={classes.inset} role="group" aria-label={t("create", { object: name })}>
      <Group align="flex-end" wrap="nowrap" gap="xs">
        <ObjectAndLink object={create.object} link={create.link} objectError={textAt(problems, "object")} linkError={textAt(problems, "link")} onChange={(object, link) => onChange(object === create.object ? { link } : { object, link, fields: [], fill: [] })} />
        <ActionIcon mb={5} aria-label={t("removeCreate", { object: name })} onClick={onRemove}>
          <IconX size={15} />
        </ActionIcon>
      </Group>
      {create.object && (
        <>
          <FieldsSelect object={create.object} label={t("createFields")} description={t("createFieldsHint")} value={create.fields} error={textAt(problems, "fields")} onChange={(fields) => onChange({ fields })} />
          <FillEditor object={create.object} link={create.link} fill={create.fill} errorAt={(index) => textAt(problems, "fill", index)} onChange={(fill) => onChange({ fill })} />
        </>
      )}
      {loose && <p className={classes.wrong}>{loose}</p>}
    </div>
  );
}

type LinkProps = { object: string; link: string; objectError?: string; linkError?: string; onChange: (object: string, link: string) => void };

/** An object of which a record is made for a deal, and the field that links it; asked for only where there are several. */
export function ObjectAndLink({ object, link, objectError, linkError, onChange }: LinkProps) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const objects = useObjects();
  const links = linksOf(objects.find((it) => it.key === object));
  return (
    <div className={classes.objectAndLink}>
      <Select
        label={t("recordOf")}
        withAsterisk
        searchable
        allowDeselect={false}
        placeholder={t("chooseObject")}
        data={linkable(objects).map((it) => ({ value: it.key, label: label(it.label) }))}
        value={object || null}
        error={objectError}
        onChange={(key) => key && onChange(key, linksOf(objects.find((it) => it.key === key))[0]?.key ?? "")}
      />
      {(links.length > 1 || linkError !== undefined) && (
        <Select label={t("linkedBy")} allowDeselect={false} data={links.map((field) => ({ value: field.key, label: label(field.label) }))} value={link || null} error={linkError} onChange={(key) => key && onChange(object, key)} />
      )}
    </div>
  );
}
