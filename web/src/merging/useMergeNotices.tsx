import { notifications } from "@mantine/notifications";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readAllAgain, undoMerge, type Merged, type Unmerged } from "~/api/merging";
import { toldWithUndo } from "~/ui/undoable";

/** Says that records are one, with the way back, and that they are several again. */
export function useMergeNotices() {
  const { t } = useTranslation("merging");
  const client = useQueryClient();
  const unmerged = ({ stayed }: Unmerged) => {
    readAllAgain(client);
    const left = stayed.fields.length > 0 || stayed.references > 0;
    notifications.show({ icon: <IconArrowBackUp size={18} />, message: t(left ? "unmergedStayed" : "unmerged") });
  };
  const merged = (done: Merged, name: string) => {
    const { merge } = done;
    if (!merge) return;
    toldWithUndo({ message: t("merged", { name }), undo: t("undo"), onUndo: async () => unmerged(await undoMerge(merge)) });
  };
  return { merged, unmerged };
}
