import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { completeTask, reopenTask, useAfterTask } from "~/api/tasks";
import { toldOfRefusal, toldWithUndo } from "~/ui/undoable";

type Tick = { id: string; name: string; /** It becomes done; otherwise it is to be done again. */ done: boolean };

/** Ticks a task off, or takes it up again, and offers to take that back. */
export function useTicking() {
  const { t } = useTranslation("timeline");
  const after = useAfterTask();
  const send = ({ id, done }: Tick) => (done ? completeTask(id) : reopenTask(id));
  const tick = useMutation({
    mutationFn: send,
    onSuccess: (_, { id, name, done }) => {
      after();
      toldWithUndo({
        message: t(done ? "completed" : "reopened", { name }),
        undo: t("undo", { ns: "ui" }),
        onUndo: () => send({ id, name, done: !done }).finally(after),
        undone: t(done ? "reopened" : "completed", { name }),
      });
    },
    onError: (error) => {
      toldOfRefusal(error);
      after();
    },
  });
  return { run: tick.mutate, pending: tick.isPending };
}
