// Tasks: what somebody has to do, about a record or for himself.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { patch, post } from "./http";
import type { Rec, Saved, Value } from "./types";

const SHOWING = [["records", "task"], ["todo"], ["timeline"], ["records", "activity"]] as const;

/** Whatever shows tasks is read again. */
export function useAfterTask() {
  const client = useQueryClient();
  return () => {
    for (const queryKey of SHOWING) void client.invalidateQueries({ queryKey });
  };
}

export const completeTask = (id: string) => post<Saved>(`/records/task/${id}/complete`, {});
export const reopenTask = (id: string) => post<Saved>(`/records/task/${id}/reopen-task`, {});

export function useCreateTask() {
  const after = useAfterTask();
  return useMutation({ mutationFn: (fields: Record<string, Value>) => post<Saved>("/records/task", { fields }), onSuccess: after });
}

export function useUpdateTask() {
  const after = useAfterTask();
  return useMutation({
    mutationFn: ({ task, fields }: { task: Pick<Rec, "id" | "version">; fields: Record<string, Value> }) => patch<Saved>(`/records/task/${task.id}`, { fields }, { ifMatch: task.version }),
    onSuccess: after,
  });
}
