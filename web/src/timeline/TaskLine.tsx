import { Checkbox } from "@mantine/core";
import { IconFlag } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Rec, Refs } from "~/api/types";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { Instant } from "~/ui/Instant";
import classes from "./TaskLine.module.css";
import { useTicking } from "./useTicking";

type Props = { task: Rec; refs: Refs; onEdit?: () => void };

const text = (task: Rec, key: string) => (typeof task.fields[key] === "string" ? task.fields[key] : undefined);

/** A task on one line: its box, what it is, whose it is and when it is due. */
export function TaskLine({ task, refs, onEdit }: Props) {
  const { t } = useTranslation("timeline");
  const label = useLabel();
  const object = useObject("task");
  const tick = useTicking();
  const name = text(task, "name") ?? "";
  const assignee = text(task, "assignee");
  const due = text(task, "due_at");
  const status = text(task, "task_status");
  const open = status === "open";
  const late = open && due !== undefined && Date.parse(due) < Date.now();
  const who = assignee ? (refs[assignee]?.name ?? t("someone")) : undefined;
  const cancelled = status === "cancelled";
  return (
    <div className={classes.line} data-done={!open || undefined}>
      <Checkbox
        aria-label={t(open ? "complete" : "reopen", { name })}
        checked={status === "done"}
        indeterminate={cancelled}
        disabled={tick.pending || cancelled || !mayTick(task)}
        onChange={() => tick.run({ id: task.id, name, done: open })}
      />
      <div className={classes.what}>
        {onEdit ? (
          <button type="button" className={classes.name} onClick={onEdit}>
            {name}
          </button>
        ) : (
          <span className={classes.name}>{name}</span>
        )}
        <span className={classes.about}>
          {cancelled && <span>{label(object?.fields.find((field) => field.key === "task_status")?.options?.find((option) => option.key === status)?.label)}</span>}
          {text(task, "priority") === "high" && open && (
            <span className={classes.high}>
              <IconFlag size={13} stroke={1.8} aria-hidden />
              {label(object?.fields.find((field) => field.key === "priority")?.options?.find((option) => option.key === "high")?.label)}
            </span>
          )}
          {due && open && (
            <span className={classes.due} data-late={late || undefined}>
              {late ? t("overdueSince") : t("dueAt")} <Instant value={due} />
            </span>
          )}
          {text(task, "done_at") && !open && (
            <span>
              {t("doneAt")} <Instant value={text(task, "done_at")} />
            </span>
          )}
        </span>
      </div>
      {who && (
        <span className={classes.who} title={who}>
          <Avatar name={who} size={22} />
          <span className="visually-hidden">{t("assignedTo", { who })}</span>
        </span>
      )}
    </div>
  );
}

/** Rows of lists do not say what may be done to them; the server then judges the press. */
const mayTick = (task: Rec) => task.can === undefined || task.can.includes("edit") || task.can.includes("complete") || task.can.includes("reopen_task");
