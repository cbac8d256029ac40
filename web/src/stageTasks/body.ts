import { useRef } from "react";
import { ApiProblem } from "~/api/http";
import { findingsOf, messageOf, type FieldFindings } from "~/api/problem";
import { useCompleteStageTask, type Completion, type StageTask, type TaskDone } from "~/api/stageTasks";
import type { Rec, Refs, Violation } from "~/api/types";
import { useToldDone } from "./useTaskActs";

/** What every way of doing a task is given. */
export type BodyProps = {
  task: StageTask;
  /** The deal. */
  deal: Rec;
  refs: Refs;
  onDone: (done: TaskDone) => void;
  onCancel?: () => void;
};

/** A violation's path without its leading parts: `create/0/fields/amount` → `amount`, `rows/2/price` → `2/price`. */
export function below(violations: Violation[], ...prefix: string[]): Violation[] {
  return violations.flatMap((violation) => {
    const parts = (violation.path ?? "").split(/[./]/).filter(Boolean);
    if (!prefix.every((part, index) => parts[index] === part)) return [];
    return [{ ...violation, path: parts.slice(prefix.length).join("/") }];
  });
}

/** What a refusal says to a form that was sent as one part of it; what concerns other parts stands above the form. */
export function findingsBelow(error: unknown, prefix: string[], shown: string[]): FieldFindings {
  if (!error) return { byField: {}, general: [] };
  if (!(error instanceof ApiProblem) || error.violations.length === 0) return { byField: {}, general: [messageOf(error)] };
  const own = below(error.violations, ...prefix);
  const others = error.violations.filter((violation) => below([violation], ...prefix).length === 0);
  const found = findingsOf(own, shown);
  const rest = findingsOf(others, shown);
  return {
    byField: Object.fromEntries([...new Set([...Object.keys(found.byField), ...Object.keys(rest.byField)])].map((key) => [key, [...(found.byField[key] ?? []), ...(rest.byField[key] ?? [])]])),
    general: [...found.general, ...rest.general],
  };
}

/** Sends what was given, once however often it is pressed, and says so when the task is done. */
export function useCompletion(task: StageTask, onDone: (done: TaskDone) => void) {
  const complete = useCompleteStageTask(task.id);
  const told = useToldDone();
  const sent = useRef<{ body: string; key: string }>(undefined);
  const send = (completion: Completion) => {
    if (complete.isPending) return;
    const body = JSON.stringify(completion);
    // The same again after a lost answer must not make a second record.
    if (sent.current?.body !== body) sent.current = { body, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
    complete.mutate(
      { completion, key: sent.current.key },
      {
        onSuccess: (done) => {
          sent.current = undefined;
          if (done.task?.state !== "open") told(task);
          onDone(done);
        },
      },
    );
  };
  return { send, isPending: complete.isPending, error: complete.error, reset: complete.reset };
}
