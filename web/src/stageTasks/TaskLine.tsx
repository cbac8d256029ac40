import { ActionIcon, Checkbox, Menu } from "@mantine/core";
import { IconAlarm, IconChevronDown, IconCircleCheckFilled, IconCircleMinus, IconDotsVertical, IconRotate2, IconUserShare } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StageTask, TaskDone } from "~/api/stageTasks";
import type { Rec, Refs } from "~/api/types";
import { Avatar } from "~/ui/Avatar";
import { Instant } from "~/ui/Instant";
import { Reassign } from "./Reassign";
import classes from "./stageTasks.module.css";
import { TaskBody } from "./TaskBody";
import { taskIcon } from "./taskIcon";
import { useTaskActs } from "./useTaskActs";

type Props = { task: StageTask; deal: Rec; refs: Refs; open: boolean; onOpen: (open: boolean) => void; onDone: (done: TaskDone) => void };

/** A task of a stage: what it is, whose, by when; opened, it is done right here. */
export function TaskLine({ task, deal, refs, open, onOpen, onDone }: Props) {
  const { t } = useTranslation("stageTasks");
  const bodyId = useId();
  const acts = useTaskActs();
  const [busy, setBusy] = useState(false);
  const [giving, setGiving] = useState(false);
  const Kind = taskIcon(task.act?.kind);
  const isOpen = task.state === "open";
  const mayComplete = isOpen && task.can.includes("complete");
  const mayReopen = !isOpen && task.can.includes("reopen");
  const mayGive = isOpen && task.can.includes("reassign");
  const named = (id: string | null | undefined) => (id ? (refs[id]?.name ?? t("someone")) : undefined);
  const who = named(task.assignee);
  const tick = async () => {
    setBusy(true);
    const done = await acts.tick(task);
    setBusy(false);
    if (done) onDone(done);
  };
  return (
    <li className={classes.task} data-task={task.id} data-state={task.state} data-open={open || undefined} data-overdue={(isOpen && task.overdue) || undefined}>
      <div className={classes.line}>
        {task.act?.kind === "checklist_item" && mayComplete ? (
          <Checkbox className={classes.mark} aria-label={t("tick", { name: task.name })} checked={busy} disabled={busy} onChange={() => void tick()} />
        ) : (
          <span className={classes.mark} aria-hidden="true">
            {task.state === "done" ? <IconCircleCheckFilled size={18} /> : task.state === "skipped" ? <IconCircleMinus size={18} stroke={1.6} /> : <Kind size={18} stroke={1.6} />}
          </span>
        )}
        <button type="button" className={classes.name} aria-expanded={open} aria-controls={open ? bodyId : undefined} data-taskname onClick={() => onOpen(!open)}>
          <span className={classes.words}>{task.name}</span>
          <span className={classes.about}>
            {isOpen && (task.needed || !task.required) && (
              <span data-needed={task.needed || undefined} title={task.needed ? t("neededHint") : undefined}>
                {t(task.needed ? "needed" : "optional")}
              </span>
            )}
            {task.state === "skipped" && <span>{t("skipped")}</span>}
            {isOpen && task.act?.kind === "create_object" && task.act.minimum > 1 && <span className="figures">{t("linked", { count: task.act.linked.length, minimum: task.act.minimum })}</span>}
            {isOpen && task.due_at && (
              <span className={classes.due} data-late={task.overdue || undefined}>
                {task.overdue && <IconAlarm size={14} aria-hidden="true" />}
                {t(task.overdue ? "overdue" : "due")} <Instant value={task.due_at} />
              </span>
            )}
            {task.state === "done" && (
              <span>
                {task.done_by ? t("doneBy", { name: named(task.done_by) }) : t("doneAt")} <Instant value={task.done_at} />
              </span>
            )}
          </span>
          <IconChevronDown className={classes.chevron} size={16} stroke={1.8} aria-hidden="true" />
        </button>
        {who && isOpen && (
          <span className={classes.who} title={t("assignedTo", { name: who })}>
            <Avatar name={who} size={22} />
            <span className="visually-hidden">{t("assignedTo", { name: who })}</span>
          </span>
        )}
        {(mayReopen || mayGive) && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon size={30} aria-label={t("more", { name: task.name })}>
                <IconDotsVertical size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mayGive && (
                <Menu.Item leftSection={<IconUserShare size={15} />} onClick={() => setGiving(true)}>
                  {t("reassign")}
                </Menu.Item>
              )}
              {mayReopen && (
                <Menu.Item leftSection={<IconRotate2 size={15} />} onClick={() => void acts.reopen(task)}>
                  {t("reopen")}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {open && (
        <div id={bodyId} className={classes.place}>
          {task.instructions && <p className={classes.instructions}>{task.instructions}</p>}
          {mayComplete ? (
            <TaskBody task={task} deal={deal} refs={{ ...deal.refs, ...refs }} onDone={onDone} onCancel={() => onOpen(false)} />
          ) : (
            <Result task={task} refs={refs} />
          )}
        </div>
      )}
      {giving && <Reassign task={task} name={who} onClose={() => setGiving(false)} />}
    </li>
  );
}

/** What came of a task that is not open, or is somebody else's. */
function Result({ task, refs }: { task: StageTask; refs: Refs }) {
  const { t } = useTranslation("stageTasks");
  const linked = task.act?.kind === "create_object" ? task.act.linked : [];
  if (!task.note && linked.length === 0) return <p className={classes.none}>{t(task.state === "done" ? "doneAt" : task.state === "skipped" ? "skipped" : "assignedTo", { name: (task.assignee && refs[task.assignee]?.name) || t("someone") })} {task.state === "done" && <Instant value={task.done_at} />}</p>;
  return (
    <>
      {task.note && <p className={classes.note}>{task.note}</p>}
      {linked.length > 0 && (
        <ul className={classes.linked}>
          {linked.map((link) => (
            <li key={link.record}>{refs[link.record]?.name ?? t("outOfSight", { ns: "fields" })}</li>
          ))}
        </ul>
      )}
    </>
  );
}
