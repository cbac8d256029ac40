import { DragDropProvider } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { move } from "@dnd-kit/helpers";
import { ActionIcon, Alert, Button, Group, Select, Switch, Text, TextInput, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconGripVertical, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, put } from "~/api/http";
import { messageOf } from "~/api/problem";
import { keys, useMe, useObject } from "~/api/queries";
import type { Option, StageType, Violation } from "~/api/types";
import { labelIn, useLabel, useLanguage } from "~/i18n";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { StageDot } from "./StageDot";
import classes from "./stages.module.css";
import { keyOfName } from "./optionKeys";
import { useSortWords } from "./sortWords";

const STAGE_TYPES: StageType[] = ["in_progress", "won", "lost", "invalid"];

/** An option with the identity that it keeps while it is renamed and moved about. */
interface Row {
  id: string;
  option: Option;
  added: boolean;
}

const rowsOf = (options: Option[]): Row[] => options.map((option) => ({ id: option.key, option, added: false }));

// The server points at the place in the list (`options.3`) or names the option's key.
function findingsOf(row: Row, index: number, violations: Violation[]): Violation[] {
  return violations.filter((it) => {
    const place = /options[./[]+(\d+)/.exec(it.path ?? "")?.[1];
    return place !== undefined ? Number(place) === index : it.params?.["option"] === row.option.key || it.params?.["key"] === row.option.key || it.params?.["value"] === row.option.key;
  });
}

function OptionRow({ row, index, findings, editable, onChange, onDelete }: {
  row: Row;
  index: number;
  findings: Violation[];
  editable: boolean;
  onChange: (option: Option) => void;
  onDelete: () => void;
}) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const { ref, handleRef, isDragSource } = useSortable({ id: row.id, index, disabled: !editable });
  const { option } = row;
  const name = label(option.label) || t("newStage");
  const set = (change: Partial<Option>) => onChange({ ...option, ...change });
  return (
    <li ref={ref} className={classes.optionRow} data-dragging={isDragSource || undefined} data-inactive={!option.active || undefined}>
      <ActionIcon ref={handleRef} className={classes.handle} disabled={!editable} aria-label={t("dragHandle", { stage: name })}>
        <IconGripVertical size={16} />
      </ActionIcon>
      <StageDot type={option.stage_type ?? "in_progress"} />
      <TextInput
        aria-label={t("stageName")}
        placeholder={t("stageName")}
        value={option.label.en}
        readOnly={!editable}
        error={findings.length > 0 && findings.map((it) => it.message).join(" ")}
        onChange={(event) => set({ label: { ...option.label, en: event.currentTarget.value } })}
      />
      <TextInput
        className={classes.optionWide}
        aria-label={t("stageNameZh")}
        placeholder={t("stageNameZh")}
        lang="zh-CN"
        value={option.label["zh-CN"]}
        readOnly={!editable}
        onChange={(event) => set({ label: { ...option.label, "zh-CN": event.currentTarget.value } })}
      />
      <Select
        className={classes.optionWide}
        aria-label={t("stageType")}
        data={STAGE_TYPES.map((type) => ({ value: type, label: t(`types.${type}`) }))}
        value={option.stage_type ?? "in_progress"}
        allowDeselect={false}
        readOnly={!editable}
        onChange={(type) => set({ stage_type: type as StageType })}
      />
      <Switch
        className={classes.optionWide}
        size="sm"
        label={t("active")}
        checked={option.active}
        disabled={!editable}
        onChange={(event) => set({ active: event.currentTarget.checked })}
      />
      <Tooltip label={t("deleteOption", { stage: name })}>
        <ActionIcon className={classes.optionDelete} disabled={!editable} aria-label={t("deleteOption", { stage: name })} onClick={onDelete}>
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}

/** The values of the Opportunity Stage field, with their types and order. */
export function StageOptions() {
  const { t } = useTranslation("processes");
  const me = useMe();
  const client = useQueryClient();
  const stored = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options;
  const [draft, setDraft] = useState<Row[]>();
  const rows = draft ?? rowsOf(stored ?? []);

  const language = useLanguage();
  const nameOf = useCallback((id: string) => labelIn((stored ?? []).find((it) => it.key === id)?.label, language) || t("newStage"), [stored, language, t]);
  const plugins = useSortWords(nameOf);

  const save = useMutation({
    mutationFn: (list: Row[]) => {
      const keysTaken = list.filter((row) => !row.added).map((row) => row.option.key);
      const options = list.map(({ option, added }) => {
        if (!added) return option;
        const key = keyOfName(option.label.en, keysTaken);
        keysTaken.push(key);
        return { ...option, key, label: { en: option.label.en, "zh-CN": option.label["zh-CN"] || option.label.en } };
      });
      return put("/objects/opportunity/fields/stage/options", { options });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.objects });
      setDraft(undefined);
      notifications.show({ icon: <IconCheck size={18} />, message: t("optionsSaved") });
      void client.invalidateQueries({ queryKey: keys.processes });
      void client.invalidateQueries({ queryKey: ["board"] });
    },
    // One that may not go comes back to its place, where the reason stands beside it.
    onError: (error, list) => {
      const kept = error instanceof ApiProblem ? error.violations.filter((it) => it.code === "field.option_in_use").map((it) => it.params?.["value"]) : [];
      const back = rowsOf(stored ?? []).flatMap((row, index) => (kept.includes(row.id) && !list.some((it) => it.id === row.id) ? [{ row, index }] : []));
      if (back.length > 0) setDraft(back.reduce((rows, { row, index }) => [...rows.slice(0, index), row, ...rows.slice(index)], list));
    },
  });
  const violations = save.error instanceof ApiProblem ? save.error.violations : [];
  const placed = rows.map((row, index) => findingsOf(row, index, violations));
  const loose = violations.filter((it) => !placed.some((list) => list.includes(it)));

  const add = () =>
    setDraft([
      ...rows,
      {
        id: `new-${crypto.getRandomValues(new Uint32Array(1))[0]}`,
        option: { key: "", label: { en: "", "zh-CN": "" }, active: true, stage_type: "in_progress" },
        added: true,
      },
    ]);

  return (
    <Page
      title={t("stageOptions")}
      above={t("stageOptionsHint")}
      actions={
        me.admin && (
          <Group gap="xs">
            {draft && (
              <Button variant="default" onClick={() => { setDraft(undefined); save.reset(); }}>
                {t("discardChanges")}
              </Button>
            )}
            <Button disabled={!draft} loading={save.isPending} onClick={() => save.mutate(rows)}>
              {t("save")}
            </Button>
          </Group>
        )
      }
    >
      {!me.admin && <Text c="dimmed" mb="sm">{t("onlyAdministrators")}</Text>}
      {save.isError && (loose.length > 0 || violations.length === 0) && (
        <Alert color="red" variant="light" role="alert" mb="sm" title={t("errors")}>
          {loose.length > 0 ? loose.map((it, index) => <div key={index}>{it.message} <code>{it.code}</code></div>) : messageOf(save.error)}
        </Alert>
      )}
      {!stored && <RowSkeletons />}
      {stored && (
        <DragDropProvider
          plugins={plugins}
          onDragEnd={(event) => {
            if (!event.canceled) setDraft(move(rows, event));
          }}
        >
          <ol className={classes.optionList}>
            {rows.map((row, index) => (
              <OptionRow
                key={row.id}
                row={row}
                index={index}
                findings={placed[index] ?? []}
                editable={me.admin}
                onChange={(option) => setDraft(rows.map((it) => (it.id === row.id ? { ...it, option } : it)))}
                onDelete={() => setDraft(rows.filter((it) => it.id !== row.id))}
              />
            ))}
          </ol>
        </DragDropProvider>
      )}
      {me.admin && stored && (
        <Button variant="default" leftSection={<IconPlus size={16} />} mt="sm" onClick={add}>
          {t("addOption")}
        </Button>
      )}
    </Page>
  );
}
