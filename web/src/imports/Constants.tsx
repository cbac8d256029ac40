import { ActionIcon, Button, Group, Select, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Field } from "~/api/types";
import { useLabel } from "~/i18n";
import { isChoice, isReference, targetObject } from "./targets";
import { ValueChoice } from "./ValueChoice";

type Props = { fields: Field[]; constants: Record<string, string>; onConstants: (constants: Record<string, string>) => void };

/** Values that every row has alike, of fields that no column fills. */
export function Constants({ fields, constants, onConstants }: Props) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const [adding, setAdding] = useState(false);
  const free = fields.filter((field) => !(field.key in constants));
  const nameOf = (key: string) => label(fields.find((field) => field.key === key)?.label) || key;
  return (
    <div>
      <Text size="sm" fw={550} mb={4}>
        {t("constants")}
      </Text>
      {Object.entries(constants).map(([key, value]) => {
        const field = fields.find((it) => it.key === key);
        const set = (next: string) => onConstants({ ...constants, [key]: next });
        return (
          <Group key={key} gap="xs" mb={6} wrap="nowrap">
            <Text size="sm" w={170} truncate title={nameOf(key)}>
              {nameOf(key)}
            </Text>
            {field && (isChoice(field) || (isReference(field) && targetObject(field))) ? (
              <ValueChoice field={field} value={value || null} label={nameOf(key)} onChoose={(to) => set(to ?? "")} />
            ) : (
              <TextInput size="xs" aria-label={nameOf(key)} value={value} onChange={(event) => set(event.currentTarget.value)} />
            )}
            <ActionIcon
              aria-label={t("remove", { name: nameOf(key) })}
              onClick={() => {
                const { [key]: _gone, ...rest } = constants;
                onConstants(rest);
              }}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Group>
        );
      })}
      {adding ? (
        <Select
          size="xs"
          w={240}
          aria-label={t("constantField")}
          placeholder={t("constantField")}
          searchable
          data={free.map((field) => ({ value: field.key, label: label(field.label) }))}
          value={null}
          autoFocus
          onBlur={() => setAdding(false)}
          onChange={(key) => {
            if (key) onConstants({ ...constants, [key]: "" });
            setAdding(false);
          }}
        />
      ) : (
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
          {t("constantAdd")}
        </Button>
      )}
    </div>
  );
}
