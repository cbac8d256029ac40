import { ActionIcon, Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Condition, Operator, Violation } from "~/api/types";
import { useLabel } from "~/i18n";
import { ConditionValue } from "./ConditionValue";
import { Findings } from "./Findings";
import { conditionOfRows, operatorsOf, rowsOfCondition, VALUELESS, withOperator, type ConditionRow, type ConditionRows } from "./conditionRows";
import classes from "./editor.module.css";

interface Props {
  label: string;
  hint?: string;
  object?: string;
  value: Condition | null | undefined;
  findings?: Violation[];
  onChange: (condition: Condition | undefined) => void;
}

/** A condition as lines of field, comparison and value. What the lines cannot draw is kept and said. */
export function ConditionEditor({ label: title, hint, object = "opportunity", value, findings = [], onChange }: Props) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const fields = (useObject(object)?.fields ?? []).filter((field) => field.filterable);
  const shown = rowsOfCondition(value);
  const change = (next: ConditionRows) => onChange(conditionOfRows(next));
  const setRow = (index: number, row: ConditionRow) => change({ ...shown, rows: shown.rows.map((it, at) => (at === index ? row : it)) });
  const choices = fields.map((field) => ({ value: field.key, label: label(field.label) }));

  const add = () => {
    const first = fields[0];
    if (first) change({ ...shown, rows: [...shown.rows, { kind: "compare", field: first.key, op: operatorsOf(first.type)[0] ?? "eq", value: undefined }] });
  };

  return (
    <Stack gap={6} role="group" aria-label={title}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550}>
          {title}
        </Text>
        {shown.rows.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t("conditionJoin")}
            data={[
              { value: "all", label: t("conditionAll") },
              { value: "any", label: t("conditionAny") },
            ]}
            value={shown.join}
            onChange={(join) => change({ ...shown, join: join as "all" | "any" })}
          />
        )}
      </Group>
      {hint && (
        <Text size="xs" c="dimmed" mt={-4}>
          {hint}
        </Text>
      )}
      {shown.rows.map((row, index) => {
        const field = row.kind === "compare" ? fields.find((it) => it.key === row.field) : undefined;
        return (
          <div key={index} className={classes.conditionRow}>
            {row.kind === "compare" && (field || !row.field) ? (
              <>
                <Select
                  aria-label={t("conditionField")}
                  data={choices}
                  searchable
                  allowDeselect={false}
                  value={row.field || null}
                  onChange={(key) => {
                    const chosen = fields.find((it) => it.key === key);
                    if (chosen) setRow(index, { kind: "compare", field: chosen.key, op: operatorsOf(chosen.type)[0] ?? "eq", value: undefined });
                  }}
                />
                <Select
                  aria-label={t("conditionOperator")}
                  data={field ? [...new Set([...operatorsOf(field.type), row.op])].map((op) => ({ value: op, label: t(`operators.${op}`) })) : []}
                  allowDeselect={false}
                  value={row.op}
                  onChange={(op) => op && setRow(index, withOperator(row, op as Operator))}
                />
                {field && !VALUELESS.has(row.op) && (
                  <div className={classes.conditionValue}>
                    <ConditionValue field={field} op={row.op} value={row.value} onChange={(next) => setRow(index, { ...row, value: next })} />
                  </div>
                )}
              </>
            ) : (
              <div className={classes.kept}>
                {t("conditionKept")} <code>{JSON.stringify(row.kind === "kept" ? row.condition : { field: row.field, op: row.op, value: row.value })}</code>
              </div>
            )}
            <ActionIcon mt={4} aria-label={t("removeRow")} onClick={() => change({ ...shown, rows: shown.rows.filter((_, at) => at !== index) })}>
              <IconX size={15} />
            </ActionIcon>
          </div>
        );
      })}
      <Findings findings={findings} />
      <div>
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={add}>
          {t("addRow")}
        </Button>
      </div>
    </Stack>
  );
}
