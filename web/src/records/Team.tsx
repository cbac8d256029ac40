import { ActionIcon, Button, Group, Paper, Select, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { useSaveTeam, useTeam } from "~/api/queries";
import type { ObjectDef, Rec, Refs, TeamMember } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { Avatar } from "~/ui/Avatar";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./Team.module.css";

/** The people who work on a record beside its owner. */
export function Team({ object, record }: { object: ObjectDef; record: Rec }) {
  const team = useTeam(object.key, record.id);
  if (team.isError) return <ErrorState compact error={team.error} onRetry={() => void team.refetch()} />;
  if (!team.data) return <RowSkeletons rows={3} />;
  return <Members key={JSON.stringify(team.data.members)} object={object} record={record} members={team.data.members} refs={{ ...record.refs, ...team.data.refs }} />;
}

function Members({ object, record, members, refs }: { object: ObjectDef; record: Rec; members: TeamMember[]; refs: Refs }) {
  const { t } = useTranslation("records");
  const [draft, setDraft] = useState(members);
  const [names, setNames] = useState<Record<string, string>>({});
  const save = useSaveTeam(object.key, record.id);
  const may = record.can?.includes("team") ?? false;
  const changed = JSON.stringify(draft) !== JSON.stringify(members);
  const set = (index: number, change: Partial<TeamMember>) => setDraft(draft.map((member, at) => (at === index ? { ...member, ...change } : member)));
  const nameOf = (id: string) => names[id] ?? refs[id]?.name ?? t("someone");
  const access = [
    { value: "read", label: t("accessRead") },
    { value: "read_write", label: t("accessReadWrite") },
  ];

  return (
    <Paper className={classes.team}>
      <GeneralFindings findings={findingsOfError(save.error, [])} />
      {draft.length === 0 && <p className={classes.none}>{t("teamEmpty")}</p>}
      <ul className={classes.members}>
        {draft.map((member, index) => (
          <li key={member.person} className={classes.member}>
            <span className={classes.person}>
              <Avatar name={nameOf(member.person)} size={28} />
              {nameOf(member.person)}
            </span>
            {may ? (
              <>
                <TextInput aria-label={t("teamRole")} placeholder={t("teamRole")} value={member.role ?? ""} onChange={(event) => set(index, { role: event.currentTarget.value })} />
                <Select aria-label={t("teamAccess")} w={140} data={access} value={member.access} allowDeselect={false} onChange={(value) => set(index, { access: value === "read_write" ? "read_write" : "read" })} />
                <ActionIcon aria-label={t("remove", { ns: "ui" })} onClick={() => setDraft(draft.filter((_, at) => at !== index))}>
                  <IconX size={17} />
                </ActionIcon>
              </>
            ) : (
              <span className={classes.role}>
                {[member.role, access.find((it) => it.value === member.access)?.label].filter(Boolean).join(" · ")}
              </span>
            )}
          </li>
        ))}
      </ul>
      {may && (
        <Group gap="sm" align="flex-end" justify="space-between">
          <RecordSelect
            key={draft.length}
            aria-label={t("teamAdd")}
            placeholder={t("teamAdd")}
            object="employee"
            value={null}
            w={260}
            onChange={(person, name) => {
              if (!person || draft.some((member) => member.person === person)) return;
              if (name) setNames({ ...names, [person]: name });
              setDraft([...draft, { person, role: "", access: "read" }]);
            }}
          />
          <Button disabled={!changed} loading={save.isPending} onClick={() => save.mutate({ version: record.version, members: draft })}>
            {t("teamSave")}
          </Button>
        </Group>
      )}
    </Paper>
  );
}
