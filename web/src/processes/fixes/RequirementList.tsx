import { Button } from "@mantine/core";
import { IconCircleDashed, IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRecordAct } from "~/api/queries";
import type { Path, Rec, Requirement } from "~/api/types";
import { useLabel } from "~/i18n";
import { RowSkeletons } from "~/ui/Skeletons";
import { toldOfRefusal } from "~/ui/undoable";
import { isApproval } from "../requirements";
import { AskFix } from "./AskFix";
import { ConditionFix } from "./ConditionFix";
import { FieldsInPlace } from "./FieldsInPlace";
import { fixOf, stagesOf, type Fix } from "./fixes";
import classes from "./fixes.module.css";

const TaskInPlace = lazy(() => import("~/stageTasks/TaskInPlace").then((room) => ({ default: room.TaskInPlace })));

type Props = {
  requirements: Requirement[];
  record: Rec;
  path: Path;
  /** Look at another stage; where there is no such thing, the names are told alone. */
  onLook?: (stage: string) => void;
  /** Go to a task where it stands on the screen; without it, it is opened here. */
  onTask?: (task: string) => void;
};

/** What has to be done before a stage, each with who can do it and the way to do it in place. */
export function RequirementList({ requirements, ...rest }: Props) {
  const { onTask } = rest;
  const tasks = onTask ? requirements.filter((requirement) => fixOf(requirement)?.kind === "task") : [];
  // Where the tasks themselves stand below, their names are enough.
  const gathered = tasks.length > 1 ? tasks : [];
  return (
    <ul className={classes.list}>
      {onTask && gathered.length > 0 && <OpenTasks tasks={gathered} onTask={onTask} />}
      {requirements.filter((requirement) => !gathered.includes(requirement)).map((requirement, index) => (
        <Line key={`${requirement.code}-${requirement.path ?? String(requirement.params?.task ?? "")}-${index}`} requirement={requirement} {...rest} />
      ))}
    </ul>
  );
}

function OpenTasks({ tasks, onTask }: { tasks: Requirement[]; onTask: (task: string) => void }) {
  const { t } = useTranslation("path");
  return (
    <li className={classes.line} data-code="stage.task_open">
      <div className={classes.head}>
        <IconCircleDashed size={15} aria-hidden="true" />
        <span className={classes.words}>{t("fix.tasks", { count: tasks.length })}</span>
      </div>
      <div className={classes.names}>
        {tasks.map((requirement) => (
          <Button key={String(requirement.params?.task)} size="compact-sm" variant="light" onClick={() => onTask(String(requirement.params?.task))}>
            {String(requirement.params?.name ?? "")}
          </Button>
        ))}
      </div>
    </li>
  );
}

function Line({ requirement, record, path, onLook, onTask }: Omit<Props, "requirements"> & { requirement: Requirement }) {
  const { t } = useTranslation("path");
  const { t: words } = useTranslation("processes");
  const label = useLabel();
  const [open, setOpen] = useState(false);
  const unlock = useRecordAct("opportunity", record.id, "unlock");
  const waits = isApproval(path, requirement);
  const fix = waits ? undefined : fixOf(requirement);
  const nameOf = (key: string) => label(path.stages.find((stage) => stage.key === key)?.label) || key;
  const close = () => setOpen(false);
  const press = () => {
    if (fix?.kind === "task" && onTask) return onTask(fix.task);
    if (fix?.kind === "unlock") return unlock.mutate({ version: record.version, body: {} }, { onError: toldOfRefusal });
    setOpen(!open);
  };
  return (
    <li className={classes.line} data-code={requirement.code}>
      <div className={classes.head}>
        {requirement.fixable_by === "administrator" ? <IconLock size={15} aria-hidden="true" /> : <IconCircleDashed size={15} aria-hidden="true" />}
        <span className={classes.words}>
          {requirement.message}{" "}
          {requirement.fixable_by !== "you" && !waits && <span className={classes.fixable}>{words(`fixableBy.${requirement.fixable_by}`)}</span>}
          {(fix?.kind === "reason" || fix?.kind === "record") && <span className={classes.fixable}>{t("fix.atMove")}</span>}
        </span>
        <span className={classes.acts}>
          {onLook &&
            stagesOf(requirement).map((stage) => (
              <Button key={stage} size="compact-sm" variant="default" onClick={() => onLook(stage)}>
                {t("fix.look", { stage: nameOf(stage) })}
              </Button>
            ))}
          {waits && (
            <Button component={Link} to="/approvals/$id" params={{ id: path.approval?.id ?? "" } as never} size="compact-sm" variant="light">
              {t("open", { ns: "approvals" })}
            </Button>
          )}
          {fix && inPlace(fix) && (
            <Button size="compact-sm" variant={open ? "default" : "light"} aria-expanded={fix.kind === "unlock" || (fix.kind === "task" && onTask) ? undefined : open} loading={unlock.isPending} onClick={press}>
              {open ? t("fix.close") : fix.kind === "ask" ? t(fix.whom === "owner" ? "fix.askOwner" : "fix.askAdministrator") : t(`fix.${fix.kind as "field" | "task" | "condition" | "unlock"}`)}
            </Button>
          )}
        </span>
      </div>
      {open && fix && (
        <div className={classes.place}>
          {fix.kind === "field" && <FieldsInPlace object="opportunity" id={record.id} fields={[fix.field]} onSaved={close} onCancel={close} />}
          {fix.kind === "condition" && <ConditionFix parts={fix.parts} record={record} onClose={close} />}
          {fix.kind === "ask" && <AskFix record={record} requirement={requirement} stage={nameOf(requirement.stage)} whom={fix.whom} onClose={close} />}
          {fix.kind === "task" && (
            <Suspense fallback={<RowSkeletons rows={2} />}>
              <TaskInPlace deal={record} task={fix.task} onDone={close} />
            </Suspense>
          )}
        </div>
      )}
    </li>
  );
}

const inPlace = (fix: Fix) => fix.kind === "field" || fix.kind === "task" || fix.kind === "condition" || fix.kind === "unlock" || fix.kind === "ask";
