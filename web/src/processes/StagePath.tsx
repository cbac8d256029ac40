import { Paper } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRecord } from "~/api/queries";
import { isTyping } from "~/shell/useShellKeys";
import { TasksPanel } from "~/stageTasks/TasksPanel";
import { ErrorState } from "~/ui/ErrorState";
import classes from "./path.module.css";
import { PathMoves } from "./path/PathMoves";
import { PathSteps } from "./path/PathSteps";
import { StageView } from "./path/StageView";
import { actsOn, isClosed, pathQuery } from "./useMove";
import { useMoveFlow } from "./useMoveFlow";

/** The stages of an opportunity with where it stands, what is to be done there and what is next; moving happens here. */
export function StagePath({ id }: { id: string }) {
  const { t } = useTranslation("processes");
  const record = useRecord("opportunity", id).data;
  const path = useQuery(pathQuery(id));
  const flow = useMoveFlow();
  const { start } = flow;
  const [looked, setLooked] = useState<string>();
  const [wanted, setWanted] = useState<{ task: string; nth: number }>();
  const may = actsOn(path.data, record);

  // After a move one looks at where the deal stands now.
  const standing = path.data?.current;
  const [stood, setStood] = useState(standing);
  if (stood !== standing) {
    setStood(standing);
    setLooked(undefined);
  }

  // "m" moves the deal one is looking at.
  useEffect(() => {
    if (!record || !may.move) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      event.preventDefault();
      start({ card: record });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [record, may.move, start]);

  if (path.isError && !path.data) return <ErrorState compact error={path.error} onRetry={() => void path.refetch()} />;
  if (!path.data || !record) return <div className={classes.waiting} aria-hidden="true" />;

  const { stages, current } = path.data;
  const running = stages.filter((stage) => stage.type === "in_progress");
  const here = stages.find((stage) => stage.key === current);
  const closed = isClosed(path.data);
  const shown = closed && here ? [...running, here] : [...running, ...stages.filter((stage) => stage.key === looked && stage.type !== "in_progress")];
  const stage = shown.find((one) => one.key === looked) ?? here;
  const elsewhere = stage && stage.key !== current ? stage : undefined;
  // The server says what is offered next; where it says nothing, what follows.
  const next = closed ? undefined : (stages.find((one) => one.key === path.data.next) ?? running[running.findIndex((one) => one.key === current) + 1] ?? stages.find((one) => one.type === "won"));
  const go = (to?: string) => start({ card: record, to });

  return (
    <>
      <section className={classes.path} aria-label={t("path")}>
        <PathSteps id={id} path={path.data} stages={shown} looked={stage?.key ?? current} onLook={setLooked} />
        <Paper className={classes.foot}>
          {stage && <StageView record={record} path={path.data} stage={stage} target={elsewhere ?? next} closed={closed} onLook={setLooked} onTask={(task) => setWanted((now) => ({ task, nth: (now?.nth ?? 0) + 1 }))} />}
          <PathMoves path={path.data} looked={elsewhere} next={next} closed={closed} may={may} onMove={go} onChangeProcess={() => flow.changeProcess(record)} />
        </Paper>
        {flow.dialog}
      </section>
      <TasksPanel deal={record} path={path.data} wanted={wanted} onMove={go} />
    </>
  );
}
