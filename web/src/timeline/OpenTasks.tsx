import { Button, Paper } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { recordQuery, rowsOf, useObject, useRecordList } from "~/api/queries";
import type { Rec } from "~/api/types";
import { queryClient } from "~/queryClient";
import { ErrorState } from "~/ui/ErrorState";
import { InPlace } from "./InPlace";
import classes from "./OpenTasks.module.css";
import { TaskLine } from "./TaskLine";

const SHOWN = 5;
const FIELDS = ["name", "assignee", "due_at", "priority", "task_status", "done_at"];

/** What is still to be done on a record, the most urgent first. */
export function OpenTasks({ record }: { record: Rec }) {
  const { t } = useTranslation("timeline");
  const object = useObject("task");
  const [editing, setEditing] = useState<Rec>();
  const [all, setAll] = useState(false);
  const list = useRecordList(
    "task",
    { filter: { all: [{ field: "regarding", op: "eq", value: { object: record.object, id: record.id } }, { field: "task_status", op: "eq", value: "open" }] }, sort: "due_at", fields: FIELDS, limit: 50 },
    object !== undefined,
  );
  const rows = rowsOf(list.data);
  if (!object || (!list.isError && rows.length === 0)) return null;
  const edit = async (row: Rec) => {
    const full = await queryClient.fetchQuery(recordQuery("task", row.id));
    if (full.can?.includes("edit")) setEditing({ ...full, refs: { ...row.refs, ...full.refs } });
  };
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <Paper component="section" className={classes.tasks} aria-label={t("openTasks")}>
      <h2 className={classes.title}>
        {t("openTasks")} <span className={classes.count}>{rows.length}</span>
      </h2>
      {list.isError ? (
        <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <ul className={classes.list}>
          {shown.map((row) => (
            <li key={row.id}>
              {editing?.id === row.id ? (
                <InPlace object={object} record={editing} about={record} refs={editing.refs ?? {}} onClose={() => setEditing(undefined)} />
              ) : (
                <TaskLine task={row} refs={row.refs ?? {}} onEdit={() => void edit(row)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {rows.length > SHOWN && !all && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          {t("allTasks", { count: rows.length })}
        </Button>
      )}
    </Paper>
  );
}
