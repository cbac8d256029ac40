import { Button, Group, Menu, Text } from "@mantine/core";
import { IconAlarm, IconArrowRight, IconCheck, IconDotsVertical, IconFlag, IconRotate2, IconTrophy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useRecord } from "~/api/queries";
import type { PathStage } from "~/api/types";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { Requirements } from "./Requirements";
import { secondsSince } from "./duration";
import classes from "./path.module.css";
import { useDuration, useNow } from "./useDuration";
import { isClosed, mayMove, pathQuery } from "./useMove";
import { useMoveFlow } from "./useMoveFlow";

/** Time in a stage: for the one in which the deal stands, up to now. The end of a deal takes no time. */
function timeIn(stage: PathStage, now: number): number | undefined {
  if (stage.type !== "in_progress") return undefined;
  if (stage.state === "current" && stage.entered_at) return secondsSince(stage.entered_at, now);
  return stage.seconds ?? undefined;
}

function Step({ stage, disabled, onMove }: { stage: PathStage; disabled: boolean; onMove: () => void }) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const tell = useDuration();
  const now = useNow();
  const seconds = timeIn(stage, now);
  const current = stage.state === "current";
  return (
    <li className={classes.step} data-state={stage.state} data-type={stage.type} data-overdue={(current && stage.overdue) || undefined}>
      <button
        type="button"
        className={classes.stepButton}
        disabled={disabled || current}
        aria-current={current ? "step" : undefined}
        onClick={onMove}
        title={label(stage.label)}
      >
        <span className={classes.stepName}>
          {stage.state === "done" && <IconCheck size={14} aria-hidden="true" />}
          {current && stage.overdue && <IconAlarm size={14} aria-hidden="true" />}
          <span className={classes.stepLabel}>{label(stage.label)}</span>
        </span>
        <span className={classes.stepTime}>{seconds === undefined ? (stage.win_rate ? `${Number(stage.win_rate)}%` : "") : tell(seconds)}</span>
        <span className="visually-hidden">{t(`states.${stage.state}`)}</span>
      </button>
    </li>
  );
}

/** The stage in progress that was left last: where a closed deal most likely goes on. The dialog lets one choose another. */
function lastLeft(running: PathStage[]): PathStage | undefined {
  return running.filter((stage) => stage.reachable).sort((a, b) => (b.left_at ?? "").localeCompare(a.left_at ?? ""))[0];
}

/** The stages of an opportunity with where it stands, how long, and what is next; moving happens here. */
export function StagePath({ id }: { id: string }) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const tell = useDuration();
  const now = useNow();
  const record = useRecord("opportunity", id).data;
  const path = useQuery(pathQuery(id));
  const flow = useMoveFlow();
  const { start } = flow;
  const may = mayMove(record, undefined);

  // Where the strip is wider than the screen, the current stage is brought into view; the page itself stays where it is.
  const strip = useRef<HTMLOListElement>(null);
  const standing = path.data?.current;
  useEffect(() => {
    const step = strip.current?.querySelector<HTMLElement>("[aria-current=step]");
    if (step && strip.current) strip.current.scrollLeft = step.offsetLeft - strip.current.offsetLeft - 24;
  }, [standing]);

  // "m" moves the deal one is looking at.
  useEffect(() => {
    if (!record || !may) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]")) return;
      event.preventDefault();
      start({ card: record });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [record, may, start]);

  if (path.isError) return <ErrorState compact error={path.error} onRetry={() => void path.refetch()} />;
  if (!path.data || !record) return <div className={classes.waiting} aria-hidden="true" />;

  const { stages, current } = path.data;
  const running = stages.filter((stage) => stage.type === "in_progress");
  const ends = stages.filter((stage) => stage.type !== "in_progress");
  const here = stages.find((stage) => stage.key === current);
  const closed = isClosed(path.data);
  const next = running[running.findIndex((stage) => stage.key === current) + 1];
  const wins = ends.filter((stage) => stage.type === "won");
  const target = closed ? undefined : (next ?? wins[0]);
  const reopenable = closed && running.some((stage) => stage.reachable);
  const go = (to?: string) => start({ card: record, to });
  const due = !closed && here?.due_at ? here.due_at : undefined;

  return (
    <section className={classes.path} aria-label={t("path")}>
      <ol ref={strip} className={classes.steps}>
        {running.map((stage) => (
          <Step key={stage.key} stage={stage} disabled={!(closed ? reopenable : may)} onMove={() => go(stage.key)} />
        ))}
        {closed && here && <Step stage={here} disabled onMove={() => undefined} />}
      </ol>
      <div className={classes.foot}>
        <div className={classes.facts}>
          {due && (
            <span className={classes.due} data-overdue={here?.overdue || undefined}>
              <IconAlarm size={15} aria-hidden="true" />
              {here?.overdue ? t("overdueBy", { time: tell(secondsSince(due, now)) }) : t("dueIn", { time: tell(Math.floor((Date.parse(due) - now) / 1000)) })}
              <Text span size="xs" c="dimmed">
                <Instant value={due} />
              </Text>
            </span>
          )}
          {here?.guidance && <p className={classes.guidance}>{here.guidance}</p>}
          {!closed && target && target.requirements.length > 0 && (
            <div className={classes.between}>
              <Text size="sm" fw={600}>
                {t("standsBetween", { stage: label(target.label) })}
              </Text>
              <Requirements requirements={target.requirements} />
            </div>
          )}
        </div>
        {(may || reopenable) && (
          <Group gap="xs" className={classes.acts}>
            {may && !closed && next && (
              <Button rightSection={<IconArrowRight size={16} />} onClick={() => go(next.key)}>
                {t("next", { stage: label(next.label) })}
              </Button>
            )}
            {may &&
              !closed &&
              wins.map((stage) => (
                <Button key={stage.key} variant={next ? "default" : "filled"} leftSection={<IconTrophy size={16} />} onClick={() => go(stage.key)}>
                  {label(stage.label)}
                </Button>
              ))}
            {may &&
              !closed &&
              ends
                .filter((stage) => stage.type === "lost")
                .map((stage) => (
                  <Button key={stage.key} variant="default" leftSection={<IconFlag size={16} />} onClick={() => go(stage.key)}>
                    {label(stage.label)}
                  </Button>
                ))}
            {may && !closed && ends.some((stage) => stage.type === "invalid") && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default" px={8} aria-label={t("chooseStage")}>
                    <IconDotsVertical size={16} />
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  {ends
                    .filter((stage) => stage.type === "invalid")
                    .map((stage) => (
                      <Menu.Item key={stage.key} onClick={() => go(stage.key)}>
                        {t("moveTo", { stage: label(stage.label) })}
                      </Menu.Item>
                    ))}
                </Menu.Dropdown>
              </Menu>
            )}
            {reopenable && (
              <Button variant="default" leftSection={<IconRotate2 size={16} />} onClick={() => go(lastLeft(running)?.key)}>
                {t("reopen")}
              </Button>
            )}
          </Group>
        )}
      </div>
      {flow.dialog}
    </section>
  );
}
