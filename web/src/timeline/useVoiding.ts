import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { useAfterTask } from "~/api/tasks";
import type { Rec, Saved } from "~/api/types";
import { toldOfRefusal, toldWithUndo } from "~/ui/undoable";

/** Puts an activity or a task into the recycle bin, and offers to take it out again. */
export function useVoiding() {
  const { t } = useTranslation("timeline");
  const client = useQueryClient();
  const afterTask = useAfterTask();
  const after = () => {
    afterTask();
    void client.invalidateQueries({ queryKey: ["records"] });
  };
  return async (record: Rec, name: string) => {
    try {
      const { record: gone } = await post<Saved>(`/records/${record.object}/${record.id}/void`, {}, { ifMatch: record.version });
      after();
      toldWithUndo({
        message: t("deleted", { name }),
        undo: t("undo", { ns: "ui" }),
        onUndo: async () => {
          await post<Saved>(`/records/${record.object}/${record.id}/restore`, {}, { ifMatch: gone.version });
          after();
        },
        undone: t("backAgain", { name }),
      });
    } catch (error) {
      after();
      toldOfRefusal(error);
    }
  };
}
