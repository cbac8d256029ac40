import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState, type ReactNode } from "react";
import { ApiProblem } from "~/api/http";
import { isConflict } from "~/api/problem";
import type { Rec, Violation } from "~/api/types";
import { MoveDialog } from "./MoveDialog";
import { ChangeProcess } from "./moving/ChangeProcess";
import { needsDialog, waitsFor } from "./requirements";
import { isClosed, pathQuery, useMove } from "./useMove";
import { useMoveNotices } from "./moveNotices";

/** What is to be moved; `to` is left out when the person still has to choose. */
export interface MoveWish {
  card: Rec;
  to?: string;
  /** Called when nothing has been moved after all: the person thought better of it, or the server refused. */
  onKept?: () => void;
  onMoved?: (record: Rec) => void;
}

interface Asking {
  wish: MoveWish;
  violations: Violation[];
}

/**
 * Leads a wish to move to its end: at once where nothing is asked, else through the dialog. Board, path and palette all go this
 * way, so the same gates are answered in the same place everywhere.
 */
export function useMoveFlow(): { start: (wish: MoveWish) => void; changeProcess: (card: Rec) => void; dialog: ReactNode } {
  const client = useQueryClient();
  const { mutateAsync: move } = useMove();
  const notices = useMoveNotices();
  const [asking, setAsking] = useState<Asking>();
  const [changing, setChanging] = useState<string>();
  // A quick hand moves a card again before the first move is answered: the second waits for it and goes on from there.
  const underWay = useRef(new Map<string, Promise<Rec | undefined>>());

  const start = useCallback(
    (wish: MoveWish) => {
      const { card, to } = wish;
      if (!to) {
        setAsking({ wish, violations: [] });
        return;
      }
      const go = async (before: Rec | undefined): Promise<Rec | undefined> => {
        const { version } = before && before.revision > card.revision ? before : card;
        try {
          const path = await client.fetchQuery({ ...pathQuery(card.id), staleTime: 0 });
          const stage = path.stages.find((it) => it.key === to);
          const waits = waitsFor(path, stage);
          if (waits) {
            wish.onKept?.();
            notices.waits(waits, path);
            return before;
          }
          if (isClosed(path) || needsDialog(stage)) {
            setAsking({ wish, violations: [] });
            return before;
          }
          const saved = await move({ id: card.id, version, stage: to });
          wish.onMoved?.(saved.record);
          notices.moved(saved.record, path.current);
          return saved.record;
        } catch (error) {
          // What it met has been shown, and whoever moves has gone back.
          if (error instanceof ApiProblem && error.code.startsWith("record.duplicate")) {
            wish.onKept?.();
            return before;
          }
          if (error instanceof ApiProblem && error.status === 422) {
            setAsking({ wish, violations: error.violations });
            return before;
          }
          wish.onKept?.();
          if (isConflict(error)) notices.conflict(card, error.record);
          else notices.failed(error);
          return before;
        }
      };
      const last = underWay.current.get(card.id) ?? Promise.resolve(undefined);
      underWay.current.set(card.id, last.then(go));
    },
    [client, move, notices],
  );

  const dialog = changing ? (
    <ChangeProcess id={changing} onMoved={(record) => underWay.current.set(record.id, Promise.resolve(record))} onClose={() => setChanging(undefined)} />
  ) : asking && (
    <MoveDialog
      key={`${asking.wish.card.id}-${asking.wish.to ?? ""}`}
      id={asking.wish.card.id}
      to={asking.wish.to}
      violations={asking.violations}
      onMoved={(record) => {
        underWay.current.set(record.id, Promise.resolve(record));
        asking.wish.onMoved?.(record);
      }}
      onClose={(moved) => {
        if (!moved) asking.wish.onKept?.();
        setAsking(undefined);
      }}
    />
  );
  return { start, changeProcess: (card) => setChanging(card.id), dialog };
}
