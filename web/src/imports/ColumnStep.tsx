import { Button, Group, Select, Stack, Switch, Table, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import type { CsvStart } from "./csvStart";
import type { Mapping } from "./guessMapping";
import classes from "./imports.module.css";

/** How rows are recognised, and whether they are history. */
export interface Identity {
  column: string | null;
  source: string;
  history: boolean;
}

interface Props {
  object: string;
  start: CsvStart;
  mapping: Mapping;
  identity: Identity;
  mayHistory: boolean;
  busy: boolean;
  onMapping: (mapping: Mapping) => void;
  onIdentity: (identity: Identity) => void;
  onBack: () => void;
  onCheck: () => void;
}

/** Which column goes where. */
export function ColumnStep({ object, start, mapping, identity, mayHistory, busy, onMapping, onIdentity, onBack, onCheck }: Props) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const fields = (useObject(object)?.fields ?? []).filter((field) => !field.system || field.key === "created_at");
  const taken = new Set(Object.values(mapping));
  return (
    <Stack>
      <Text c="dimmed" size="sm">
        {t("mapHint")}
      </Text>
      <Table.ScrollContainer minWidth={520}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("column")}</Table.Th>
              <Table.Th>{t("sample")}</Table.Th>
              <Table.Th w={280}>{t("field")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {start.columns.map((column, index) => (
              <Table.Tr key={column}>
                <Table.Td fw={550}>{column}</Table.Td>
                <Table.Td className={classes.sample}>{start.rows.map((row) => row[index] ?? "").filter(Boolean).join(" · ")}</Table.Td>
                <Table.Td>
                  <Select
                    aria-label={`${t("field")}: ${column}`}
                    placeholder={t("leaveOut")}
                    clearable
                    searchable
                    data={fields
                      .filter((field) => !taken.has(field.key) || mapping[column] === field.key)
                      .map((field) => ({ value: field.key, label: label(field.label) + (field.required ? " *" : "") }))}
                    value={mapping[column] ?? null}
                    onChange={(field) => onMapping({ ...mapping, [column]: field })}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group align="flex-start" gap="md">
        <Select
          label={t("identify")}
          description={t("identifyHint")}
          placeholder={t("noIdentity")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          clearable
          w={320}
          data={start.columns}
          value={identity.column}
          onChange={(column) => onIdentity({ ...identity, column })}
        />
        {identity.column && (
          <TextInput
            label={t("source")}
            description={t("sourceHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            w={220}
            value={identity.source}
            onChange={(event) => onIdentity({ ...identity, source: event.currentTarget.value })}
          />
        )}
      </Group>
      {mayHistory && (
        <Switch
          label={t("history")}
          description={t("historyHint")}
          checked={identity.history}
          onChange={(event) => onIdentity({ ...identity, history: event.currentTarget.checked })}
        />
      )}
      <Group>
        <Button variant="default" onClick={onBack} disabled={busy}>
          {t("back")}
        </Button>
        <Button onClick={onCheck} loading={busy} disabled={Object.values(mapping).every((it) => it === null) || (identity.column !== null && identity.source.trim() === "")}>
          {t("check")}
        </Button>
      </Group>
    </Stack>
  );
}
