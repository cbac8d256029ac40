import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Rec, Refs } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { Through } from "~/records/Through";
import { Instant } from "~/ui/Instant";
import { EntryActs } from "./EntryActs";
import { InPlace } from "./InPlace";
import { Plain } from "./MentionText";
import { TaskLine } from "./TaskLine";
import classes from "./Timeline.module.css";
import { useVoiding } from "./useVoiding";

type Props = { about: Rec; task: Rec; by?: string | null; at: string; token?: string | null | undefined; refs: Refs };

/** A task that was set, or done. */
export function TaskEntry({ about, task, by, at, token, refs }: Props) {
  const { t } = useTranslation("timeline");
  const object = useObject("task");
  const [editing, setEditing] = useState(false);
  const remove = useVoiding();
  const names = { ...refs, ...task.refs };
  const name = String(task.fields["name"] ?? "");
  const description = task.fields["description"];
  const files = object?.fields.find((field) => field.key === "files");
  const done = task.fields["task_status"] === "done";
  if (editing && object) {
    return (
      <div className={classes.card}>
        <InPlace object={object} record={task} about={about} refs={names} onClose={() => setEditing(false)} />
      </div>
    );
  }
  return (
    <article className={classes.card} aria-label={name}>
      <div className={classes.head}>
        <span className={classes.who}>
          <strong>{(by && names[by]?.name) || t("someone")}</strong> {t(done ? "taskDone" : "taskSet")}
          <Through token={token} />
        </span>
        <span className={classes.when}>
          <Instant value={at} clock />
        </span>
        <EntryActs name={name} onEdit={task.can?.includes("edit") ? () => setEditing(true) : undefined} onDelete={task.can?.includes("void") ? () => void remove(task, name) : undefined} />
      </div>
      <div style={{ marginTop: 5 }}>
        <TaskLine task={task} refs={names} />
      </div>
      {typeof description === "string" && description && (
        <p className={classes.body}>
          <Plain text={description} />
        </p>
      )}
      {files && !isEmpty(task.fields["files"]) && (
        <div className={classes.facts}>
          <FieldShow field={files} value={task.fields["files"]} refs={names} />
        </div>
      )}
    </article>
  );
}
