// What is to be done while a deal stands in a stage.
import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { get, post, query } from "./http";
import { keys } from "./queries";
import type { Fill } from "./path";
import type { Rec, Refs, Value } from "./types";

/** What is to be done: fields, records, rows, or nothing but a tick. */
export type TaskAct =
  | { kind: "edit_object"; of?: string | null; fields: string[]; object?: string | null; record?: { id: string } | null; missing: string[] }
  | { kind: "create_object"; object: string; link: string; fill?: Fill[]; create_only?: boolean; minimum: number; values?: Record<string, Value> | null; linked: { object: string; record: string }[]; may_choose: boolean }
  | { kind: "edit_sub_objects"; object: string; minimum: number; rows: number }
  | { kind: "checklist_item" };

export type StageTask = {
  id: string;
  opportunity: string;
  stage: string;
  key: string;
  name: string;
  instructions?: string | null;
  required: boolean;
  /** It must be done before the stage is complete. */
  needed: boolean;
  state: "open" | "done" | "skipped";
  assignee?: string | null;
  due_at?: string | null;
  overdue: boolean;
  done_at?: string | null;
  done_by?: string | null;
  note?: string | null;
  version: number;
  /** Absent where the process no longer has the task. */
  act: TaskAct | null;
  can: string[];
};

export type StageTasks = { items: StageTask[]; refs?: Refs };

/** A row of a grid as it is sent: new, changed or taken out. */
export type RowWanted = { id?: string; version?: number; fields: Record<string, Value> } | { id: string; version?: number; delete: true };

/** What is given along with doing a task; `keep_open` keeps what is there without ticking it off. */
export type Completion = {
  fields?: Record<string, Value>;
  create?: { fields: Record<string, Value> }[];
  choose?: string[];
  rows?: RowWanted[];
  note?: string;
  keep_open?: boolean;
};

/** Null where by what was done one has lost sight of it. */
export type TaskDone = { task: StageTask | null; record: Rec | null; offer?: { stage: string; reachable: boolean } | null };

export const stageTaskKeys = { of: (deal: string) => [...keys.record("opportunity", deal), "tasks"] as const };

/** Tasks of a deal: those of the stage in which it stands, and of earlier ones. */
export function useStageTasks(deal: string) {
  return useQuery({ queryKey: stageTaskKeys.of(deal), queryFn: ({ signal }) => get<StageTasks>(`/records/opportunity/${deal}/tasks`, { signal }) });
}

/** Whatever shows a deal's tasks, or follows from them, is read again. */
export function afterStageTask(client: QueryClient) {
  for (const queryKey of [["records"], ["todo"], ["timeline"], ["board"]]) void client.invalidateQueries({ queryKey });
}

export const completeStageTask = (id: string, completion: Completion = {}, idempotencyKey?: string) => post<TaskDone>(`/stage-tasks/${id}/complete`, completion, { idempotencyKey });
export const reopenStageTask = (id: string, reason?: string) => post<TaskDone>(`/stage-tasks/${id}/reopen`, { reason });

export function useCompleteStageTask(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ completion, key }: { completion: Completion; key?: string }) => completeStageTask(id, completion, key),
    onSuccess: (done) => {
      if (done.record) client.setQueryData(keys.record("opportunity", done.record.id), done.record);
      afterStageTask(client);
    },
  });
}

export function useReassignStageTask(id: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: (assignee: string) => post<TaskDone>(`/stage-tasks/${id}/reassign`, { assignee }), onSuccess: () => afterStageTask(client) });
}

/** Records that may be chosen instead of making one. */
export function useTaskChoices(id: string, q: string, enabled: boolean) {
  return useQuery({
    queryKey: ["stage-task-choices", id, q],
    queryFn: ({ signal }) => get<{ items: { id: string; name?: string | null; fields?: Record<string, Value> }[] }>(`/stage-tasks/${id}/choices${query({ q })}`, { signal }),
    placeholderData: (before) => before,
    enabled,
  });
}
