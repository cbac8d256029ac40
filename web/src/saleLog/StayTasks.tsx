import { IconCircle, IconCircleCheck, IconCircleMinus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { StayTask } from "~/api/types";
import classes from "./saleLog.module.css";

const ICONS = { open: IconCircle, done: IconCircleCheck, skipped: IconCircleMinus };

/** What was to be done in a stage, and what of it was. */
export function StayTasks({ tasks }: { tasks: StayTask[] }) {
  const { t } = useTranslation("saleLog");
  if (tasks.length === 0) return null;
  return (
    <ul className={classes.tasks} aria-label={t("tasks")}>
      {tasks.map((task) => {
        const Mark = ICONS[task.state];
        return (
          <li key={task.id} data-state={task.state}>
            <Mark size={15} stroke={1.7} aria-hidden />
            <span>{task.name}</span>
            <span className={classes.state}>
              {t(`taskState.${task.state}`)}
              {!task.required && <> · {t("optional")}</>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
