import { useTranslation } from "react-i18next";
import type { TimelineMerge } from "~/api/timeline";
import type { Refs } from "~/api/types";

/** Says which records became one, or several again. */
export function useMergeText() {
  const { t } = useTranslation("merging");
  return (merge: TimelineMerge, refs: Refs) => {
    const name = (id: string) => (refs[id]?.name ? `“${refs[id].name}”` : t("someRecord"));
    return t(merge.undone ? "toldUndone" : "told", { names: merge.losers.map(name).join(", "), winner: name(merge.winner) });
  };
}
