import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch } from "~/api/http";
import { completeStageTask, reopenStageTask } from "~/api/stageTasks";
import { useAfterTask, completeTask, reopenTask } from "~/api/tasks";
import { todoKeys, type TodoItem } from "~/api/todo";
import type { Saved, Value } from "~/api/types";
import { hashOf } from "~/stageTasks/order";
import { LOG } from "~/timeline/modes";
import { toldOfRefusal, toldWithUndo } from "~/ui/undoable";

/** The kind that is answered on a screen of its own. */
export const APPROVAL = "approval";

/** Where the date of a kind is kept, if it may be put off here. */
const DATES: Record<string, string> = { task: "due_at", follow_up: "next_step_at" };

// One field alone, whatever else has been changed meanwhile.
const write = (object: string, id: string, fields: Record<string, Value>) => patch<Saved>(`/records/${object}/${id}`, { fields });

const finish = ({ kind, id }: TodoItem, done: boolean): Promise<unknown> => {
  if (kind === "stage_task") return done ? completeStageTask(id) : reopenStageTask(id);
  return done ? completeTask(id) : reopenTask(id);
};
const putOff = ({ kind, item_object, id }: TodoItem, due: string | null): Promise<unknown> => {
  const field = DATES[kind];
  return field ? write(item_object, id, { [field]: due }) : Promise.resolve();
};

/** A next step is ended by what came of it, not by a tick; of a stage's tasks the server says which a tick will do. */
export const mayComplete = (item: TodoItem) => (item.kind === "task" || item.kind === "stage_task") && item.can.includes("complete");
export const mayPostpone = (item: TodoItem) => item.can.includes("postpone") && item.kind in DATES;
/** A next step is done by logging what came of it. */
export const mayLog = (item: TodoItem) => item.kind === "follow_up" && Boolean(item.record);

/** The part of its record where it is done. */
export const placeOf = (item: TodoItem): string | undefined => (mayLog(item) ? LOG : item.kind === "stage_task" ? hashOf(item.id) : undefined);

/** Ticks off and puts off what waits, and offers to take that back. */
export function useTodoActs(tell: (instant: string | null) => string) {
  const { t } = useTranslation("todo");
  const client = useQueryClient();
  const afterTask = useAfterTask();
  const run = async (act: () => Promise<unknown>, message: string, back: () => Promise<unknown>, undone: string) => {
    try {
      await act();
      toldWithUndo({ message, undo: t("undo", { ns: "ui" }), undone, onUndo: () => back().finally(afterTask) });
    } catch (error) {
      toldOfRefusal(error);
    }
    afterTask();
    void client.invalidateQueries({ queryKey: ["records", "opportunity"] });
    await client.invalidateQueries({ queryKey: todoKeys.all });
  };
  return {
    complete: (item: TodoItem) => run(() => finish(item, true), t("done", { title: item.title }), () => finish(item, false), t("openAgain", { title: item.title })),
    postpone: (item: TodoItem, due: string | null) =>
      run(() => putOff(item, due), due ? t("postponed", { title: item.title, when: tell(due) }) : t("dateRemoved", { title: item.title }), () => putOff(item, item.due_at ?? null), t("asBefore", { title: item.title })),
  };
}
