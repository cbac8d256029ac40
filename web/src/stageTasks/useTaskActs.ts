import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { afterStageTask, completeStageTask, reopenStageTask, type Completion, type StageTask, type TaskDone } from "~/api/stageTasks";
import { keys } from "~/api/queries";
import { toldOfRefusal, toldWithUndo } from "~/ui/undoable";

/** Says that a task is done and offers to open it again. */
export function useToldDone() {
  const { t } = useTranslation("stageTasks");
  const client = useQueryClient();
  return ({ id, name }: Pick<StageTask, "id" | "name">) =>
    toldWithUndo({
      message: t("done", { name }),
      undo: t("undo"),
      undone: t("openAgain", { name }),
      onUndo: () => reopenStageTask(id).finally(() => afterStageTask(client)),
    });
}

/** Ticks a task off, or opens it again, with one press. */
export function useTaskActs() {
  const client = useQueryClient();
  const told = useToldDone();
  const { t } = useTranslation("stageTasks");
  const keep = (done: TaskDone) => {
    if (done.record) client.setQueryData(keys.record("opportunity", done.record.id), done.record);
    afterStageTask(client);
  };
  return {
    tick: async (task: Pick<StageTask, "id" | "name">, completion: Completion = {}): Promise<TaskDone | undefined> => {
      try {
        const done = await completeStageTask(task.id, completion);
        keep(done);
        told(task);
        return done;
      } catch (error) {
        toldOfRefusal(error);
        afterStageTask(client);
        return undefined;
      }
    },
    reopen: async (task: Pick<StageTask, "id" | "name">) => {
      try {
        keep(await reopenStageTask(task.id));
        toldWithUndo({ message: t("openAgain", { name: task.name }), undo: t("undo"), undone: t("done", { name: task.name }), onUndo: () => completeStageTask(task.id).finally(() => afterStageTask(client)) });
      } catch (error) {
        toldOfRefusal(error);
        afterStageTask(client);
      }
    },
  };
}
