import { move } from "@dnd-kit/helpers";
import { DragDropProvider } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Button, Group, Switch, TextInput } from "@mantine/core";
import { IconGripVertical, IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, patch } from "~/api/http";
import { messageOf } from "~/api/problem";
import { keys } from "~/api/queries";
import type { Organisation, TeamRole } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { labelIn, useLabel, useLanguage } from "~/i18n";
import { filledLabel, noLabel } from "~/objects/keys";
import { told } from "~/objects/told";
import { useSortWords } from "~/processes/sortWords";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import classes from "./organisation.module.css";

/** Every team has it, so it stays. */
const PLAIN = "member";
/** A part as it is being edited; the key of a new one is made by the server. */
type Row = { id: string; role: Omit<TeamRole, "key"> & { key?: string } };
const rowsOf = (roles: TeamRole[]): Row[] => roles.map((role) => ({ id: role.key, role }));

/** The parts that people may have in the team of a record. */
export function TeamRoles({ stored, editable }: { stored: TeamRole[]; editable: boolean }) {
  const { t } = useTranslation("organisation");
  const language = useLanguage();
  const client = useQueryClient();
  const [rows, setRows] = useState(() => rowsOf(stored));
  const changed = JSON.stringify(rows.map((row) => row.role)) !== JSON.stringify(stored);
  const nameOf = useCallback((id: string) => labelIn(rows.find((row) => row.id === id)?.role.label, language) || t("teamRoleNew"), [rows, language, t]);
  const plugins = useSortWords(nameOf, "objects");
  const save = useMutation({
    mutationFn: () => patch<Organisation>("/organisation", { team_roles: rows.map(({ role }) => ({ ...role, label: filledLabel(role.label) })) }),
    onSuccess: (saved) => {
      client.setQueryData(keys.organisation, saved);
      setRows(rowsOf(saved.team_roles ?? []));
      told(t("teamRolesSaved"));
    },
  });
  const change = (next: Row[]) => {
    if (save.isError) save.reset();
    setRows(next);
  };
  const violations = save.error instanceof ApiProblem ? save.error.violations : [];
  const placeOf = (path: string | null | undefined) => /^team_roles[./](\d+)/.exec(path ?? "")?.[1];
  const errorAt = (index: number) => violations.filter(({ path }) => placeOf(path) === String(index)).map((it) => it.message)[0];
  const loose = save.isError ? (violations.length > 0 ? violations.filter(({ path }) => !placeOf(path)).map((it) => it.message) : [messageOf(save.error)]) : [];

  return (
    <fieldset disabled={!editable} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <GeneralFindings findings={{ byField: {}, general: loose }} />
      <DragDropProvider plugins={plugins} onDragEnd={(event) => !event.canceled && change(move(rows, event))}>
        <ol className={classes.teamRoles} aria-label={t("teamRoles")}>
          {rows.map((row, index) => (
            <Part
              key={row.id}
              row={row}
              index={index}
              error={errorAt(index)}
              onChange={(role) => change(rows.map((it) => (it.id === row.id ? { ...it, role } : it)))}
              onRemove={() => change(rows.filter((it) => it.id !== row.id))}
            />
          ))}
        </ol>
      </DragDropProvider>
      {editable && (
        <Group justify="space-between" mt="sm">
          <Button
            variant="subtle"
            size="compact-sm"
            ml={-8}
            leftSection={<IconPlus size={14} />}
            onClick={() => change([...rows, { id: `new-${crypto.getRandomValues(new Uint32Array(1))[0]}`, role: { label: noLabel, active: true } }])}
          >
            {t("teamRoleAdd")}
          </Button>
          <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
            {t("save")}
          </Button>
        </Group>
      )}
      <UnsavedGuard changed={() => changed} />
    </fieldset>
  );
}

function Part({ row, index, error, onChange, onRemove }: { row: Row; index: number; error?: string; onChange: (role: Row["role"]) => void; onRemove: () => void }) {
  const { t } = useTranslation("organisation");
  const label = useLabel();
  const { ref, handleRef, isDragSource } = useSortable({ id: row.id, index });
  const { role } = row;
  const name = label(role.label) || t("teamRoleNew");
  const kept = role.key === PLAIN ? ({ visibility: "hidden" } as const) : undefined;
  return (
    <li ref={ref} className={classes.teamRole} data-dragging={isDragSource || undefined}>
      <ActionIcon ref={handleRef} className={classes.handle} aria-label={t("moveField", { ns: "objects", field: name })}>
        <IconGripVertical size={16} />
      </ActionIcon>
      <TextInput
        aria-label={t("teamRoleEn")}
        placeholder={t("teamRoleEn")}
        autoFocus={!role.key && !role.label.en && !role.label["zh-CN"]}
        value={role.label.en}
        error={error}
        onChange={(event) => onChange({ ...role, label: { ...role.label, en: event.currentTarget.value } })}
      />
      <TextInput
        aria-label={t("teamRoleZh")}
        placeholder={role.label.en || t("teamRoleZh")}
        lang="zh-CN"
        value={role.label["zh-CN"]}
        onChange={(event) => onChange({ ...role, label: { ...role.label, "zh-CN": event.currentTarget.value } })}
      />
      <Switch size="sm" mt={7} style={kept} aria-label={`${t("teamRoleActive")}: ${name}`} label={t("teamRoleActive")} checked={role.active} onChange={(event) => onChange({ ...role, active: event.currentTarget.checked })} />
      <ActionIcon style={kept} aria-label={t("teamRoleRemove", { name })} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
    </li>
  );
}
