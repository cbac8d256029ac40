import { IconAlarm, IconCheck } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStageTasks } from "~/api/stageTasks";
import type { Path, PathStage } from "~/api/types";
import { useLabel } from "~/i18n";
import { countsOf } from "~/stageTasks/order";
import classes from "../path.module.css";
import { useDuration, useNow } from "../useDuration";
import { secondsIn } from "./stageTime";

type Props = { id: string; path: Path; stages: PathStage[]; looked: string; onLook: (stage: string) => void };

/** The stages in their order, each with its state and the time spent in it; one of them is looked at. */
export function PathSteps({ id, path, stages, looked, onLook }: Props) {
  const { t } = useTranslation("processes");
  const tasks = useStageTasks(id).data?.items ?? [];
  // Where the strip is wider than the screen, the current stage is brought into view; the page itself stays where it is.
  const strip = useRef<HTMLOListElement>(null);
  const { current: standing } = path;
  useEffect(() => {
    const step = strip.current?.querySelector<HTMLElement>("[aria-current=step]");
    if (step && strip.current) strip.current.scrollLeft = step.offsetLeft - strip.current.offsetLeft - 24;
  }, [standing]);
  return (
    <ol ref={strip} className={classes.steps} aria-label={t("path")}>
      {stages.map((stage) => (
        <Step key={stage.key} stage={stage} current={stage.key === path.current} looked={stage.key === looked} counts={stage.key === path.current ? countsOf(tasks, stage.key) : undefined} onLook={() => onLook(stage.key)} />
      ))}
    </ol>
  );
}

function Step({ stage, current, looked, counts, onLook }: { stage: PathStage; current: boolean; looked: boolean; counts?: { done: number; count: number }; onLook: () => void }) {
  const { t } = useTranslation("processes");
  const { t: say } = useTranslation("path");
  const label = useLabel();
  const tell = useDuration();
  const now = useNow();
  const seconds = secondsIn(stage, now);
  const overdue = current && stage.overdue;
  return (
    <li className={classes.step} data-state={stage.state} data-type={stage.type} data-overdue={overdue || undefined} data-looked={looked || undefined}>
      <button type="button" className={classes.stepButton} aria-current={current ? "step" : undefined} aria-pressed={looked} onClick={onLook} title={current ? label(stage.label) : say("look.leads", { stage: label(stage.label) })}>
        <span className={classes.stepName}>
          {stage.state === "done" && <IconCheck size={14} aria-hidden="true" />}
          {overdue && <IconAlarm size={14} aria-hidden="true" />}
          <span className={classes.stepLabel}>{label(stage.label)}</span>
        </span>
        <span className={classes.stepTime}>
          {seconds === undefined ? (stage.win_rate ? `${Number(stage.win_rate)}%` : "") : tell(seconds)}
          {counts && (
            <>
              {" · "}
              <IconCheck size={12} stroke={2.2} aria-hidden="true" />
              <span className="visually-hidden">{say("look.tasks")}: </span>
              {counts.done}/{counts.count}
            </>
          )}
        </span>
        <span className="visually-hidden">{t(`states.${stage.state}`)}</span>
      </button>
    </li>
  );
}
