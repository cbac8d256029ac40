import { Button, Paper, Progress } from "@mantine/core";
import { IconArrowRight, IconChevronRight, IconCircleCheck } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useStageTasks, type TaskDone } from "~/api/stageTasks";
import type { Path, Rec } from "~/api/types";
import { useLabel } from "~/i18n";
import { isTyping } from "~/shell/useShellKeys";
import { ErrorState } from "~/ui/ErrorState";
import { nextOpen, sortTasks, taskOfHash } from "./order";
import classes from "./stageTasks.module.css";
import { TaskLine } from "./TaskLine";

type Props = {
  deal: Rec;
  path: Path;
  /** A task to go to; each wish has a number, so that the same may be wished again. */
  wanted?: { task: string; nth: number };
  /** The move that is offered when all is done. */
  onMove: (stage: string) => void;
};

/** The tasks of the stage in which a deal stands, done where they are; those of earlier stages are folded away below. */
export function TasksPanel({ deal, path, wanted, onMove }: Props) {
  const { t } = useTranslation("stageTasks");
  const label = useLabel();
  const tasks = useStageTasks(deal.id);
  const root = useRef<HTMLElement>(null);
  const [open, setOpen] = useState<string>();
  const [earlierOpen, setEarlierOpen] = useState(false);
  const hash = useLocation({ select: (location) => location.hash });
  const [ledTo, setLedTo] = useState<string>();
  const items = tasks.data?.items ?? [];
  const sorted = sortTasks(items, path.current, path.stages.map((stage) => stage.key));

  // The to-do list, or what stands in the way, leads to a task: it is opened and brought into view.
  const [going, setGoing] = useState<string>();
  const goal = wanted ? `${wanted.task} ${wanted.nth}` : hash;
  if (tasks.data && goal !== ledTo) {
    setLedTo(goal);
    const task = items.find((one) => one.id === (wanted?.task ?? taskOfHash(hash)));
    if (task) {
      setOpen(task.id);
      setGoing(task.id);
      if (task.stage !== path.current) setEarlierOpen(true);
    }
  }
  useEffect(() => {
    if (!going) return;
    const line = root.current?.querySelector<HTMLElement>(`[data-task="${going}"]`);
    line?.scrollIntoView({ block: "nearest" });
    (line?.querySelector<HTMLElement>("[data-autofocus]") ?? line?.querySelector<HTMLElement>("[data-taskname]"))?.focus();
    setGoing(undefined);
  }, [going]);

  const here = useRef(sorted.here);
  useEffect(() => {
    here.current = sorted.here;
  });
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "n" || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      const focused = document.activeElement?.closest<HTMLElement>("[data-task]")?.dataset.task;
      const next = nextOpen(here.current, focused);
      if (!next) return;
      event.preventDefault();
      setOpen(next.id);
      setGoing(next.id);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  if (tasks.isError && !tasks.data) return <ErrorState compact error={tasks.error} onRetry={() => void tasks.refetch()} />;
  if (items.length === 0) return null;
  const refs = tasks.data?.refs ?? {};
  const stage = path.stages.find((one) => one.key === path.current);
  const next = path.stages.find((one) => one.key === path.next);
  const offered = sorted.here.length > 0 && path.complete && next && path.can?.move ? next : undefined;
  const earlierCount = sorted.earlier.reduce((sum, one) => sum + one.tasks.length, 0);

  const onDone = (done: TaskDone, id: string) => {
    if (done.task?.state === "open") return;
    const following = nextOpen(sorted.here.filter((task) => task.id !== id), undefined);
    // One goes on with the next; after the last the offer takes the focus by itself.
    setOpen(undefined);
    if (following) requestAnimationFrame(() => root.current?.querySelector<HTMLElement>(`[data-task="${following.id}"] [data-taskname]`)?.focus());
  };
  const onKey = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (!target.matches("[data-taskname]")) return;
    const names = [...(root.current?.querySelectorAll<HTMLElement>("[data-taskname]") ?? [])];
    const at = names.indexOf(target);
    if (event.key === "ArrowDown") names[at + 1]?.focus();
    else if (event.key === "ArrowUp") names[at - 1]?.focus();
    else if (event.key === " ") {
      const box = target.closest("[data-task]")?.querySelector<HTMLInputElement>("input[type=checkbox]");
      if (!box) return;
      box.click();
    } else return;
    event.preventDefault();
  };
  const lines = (of: typeof items) => (
    <ul className={classes.tasks}>
      {of.map((task) => (
        <TaskLine key={`${task.id}-${task.state}`} task={task} deal={deal} refs={refs} open={open === task.id} onOpen={(opened) => setOpen(opened ? task.id : undefined)} onDone={(done) => onDone(done, task.id)} />
      ))}
    </ul>
  );
  return (
    <Paper component="section" ref={root} className={classes.panel} aria-label={t("title", { stage: label(stage?.label) })} onKeyDown={onKey}>
      {sorted.here.length > 0 && (
        <>
          <header className={classes.head}>
            <h2 className={classes.title}>{t("title", { stage: label(stage?.label) })}</h2>
            <Progress className={classes.bar} value={(100 * sorted.done) / sorted.here.length} aria-label={t("progressLabel", { done: sorted.done, count: sorted.here.length })} />
            <span className={`${classes.count} figures`}>{t("progress", { done: sorted.done, count: sorted.here.length })}</span>
          </header>
          {offered && <Offer done={label(stage?.label)} next={label(offered.label)} onMove={() => onMove(offered.key)} />}
          {lines(sorted.here)}
        </>
      )}
      {earlierCount > 0 && (
        <div className={classes.earlier}>
          <button type="button" className={classes.fold} aria-expanded={earlierOpen} onClick={() => setEarlierOpen(!earlierOpen)}>
            <IconChevronRight size={15} stroke={1.8} data-open={earlierOpen || undefined} aria-hidden="true" />
            {t("earlier", { count: earlierCount })}
          </button>
          {earlierOpen &&
            sorted.earlier.map((one) => (
              <div key={one.stage}>
                <h3 className={classes.subtitle}>{label(path.stages.find((it) => it.key === one.stage)?.label) || one.stage}</h3>
                {lines(one.tasks)}
              </div>
            ))}
        </div>
      )}
    </Paper>
  );
}

/** All that is needed is done: the move is one press away, and has the focus unless one is typing. */
function Offer({ done, next, onMove }: { done: string; next: string; onMove: () => void }) {
  const { t } = useTranslation("stageTasks");
  const button = useRef<HTMLButtonElement>(null);
  const [atOnce] = useState(() => document.activeElement === document.body || Boolean(document.activeElement?.closest("[data-task]")));
  useEffect(() => {
    if (atOnce) button.current?.focus({ preventScroll: true });
  }, [atOnce]);
  return (
    <div className={classes.offer} role="status">
      <IconCircleCheck size={18} aria-hidden="true" />
      <span>{t("allDone", { stage: done })}</span>
      <Button ref={button} size="compact-md" rightSection={<IconArrowRight size={15} />} onClick={onMove}>
        {t("moveOn", { stage: next })}
      </Button>
    </div>
  );
}
