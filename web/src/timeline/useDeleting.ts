import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { API_ROOT, headersFor } from "~/api/http";
import { deleteComment, useAfterHappening } from "~/api/timeline";
import type { Rec } from "~/api/types";
import { toldOfRefusal, toldWithUndo } from "~/ui/undoable";

/** Comments that are gone from the screen, but can still be taken back: nothing brings back what the server has deleted. */
let waiting: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function put(next: Set<string>) {
  waiting = next;
  for (const listener of listeners) listener();
}
const without = (id: string) => new Set([...waiting].filter((one) => one !== id));

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

// Whoever closes the window has had no second thoughts.
window.addEventListener("pagehide", () => {
  for (const id of waiting) void fetch(`${API_ROOT}/comments/${id}`, { method: "DELETE", headers: headersFor("DELETE"), keepalive: true, credentials: "same-origin" });
});

/** Deletes a comment once nobody has taken it back. */
export function useDeleting(about: Pick<Rec, "object" | "id">) {
  const { t } = useTranslation("timeline");
  const after = useAfterHappening(about.object, about.id);
  const present = useSyncExternalStore(subscribe, () => waiting);

  const remove = (id: string) => {
    put(new Set([...waiting, id]));
    toldWithUndo({
      message: t("commentDeleted"),
      undo: t("undo", { ns: "ui" }),
      onUndo: () => put(without(id)),
      onPast: () => {
        if (!waiting.has(id)) return;
        // It stays out of sight until the list without it has come.
        deleteComment(id)
          .then(after)
          .catch((error: unknown) => {
            put(without(id));
            toldOfRefusal(error);
          });
      },
    });
  };
  return { gone: (id: string) => present.has(id), remove };
}
