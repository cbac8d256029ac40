import { useMutation, useQueryClient } from "@tanstack/react-query";
import { get, post } from "~/api/http";
import { keys, useAfterWrite } from "~/api/queries";
import type { Board, Path, Rec, Saved, Value } from "~/api/types";
import { MOVING } from "~/events/useEvents";
import { withCardSaved } from "./boardMoves";

/** One move of an opportunity, as the person asked for it. */
export interface Move {
  id: string;
  version: number;
  stage: string;
  fields?: Record<string, Value>;
  reason?: string;
  /** Leaving a terminal stage is an act of its own, with its own right. */
  reopen?: boolean;
}

/** The act of moving. Lists, board, path and stays are read again afterwards. */
export function useMove() {
  const after = useAfterWrite();
  const client = useQueryClient();
  return useMutation({
    mutationKey: MOVING,
    mutationFn: ({ id, version, stage, fields, reason, reopen }: Move) => {
      const path = `/records/opportunity/${id}`;
      return reopen
        ? post<Saved>(`${path}/reopen`, { stage, reason: reason ?? "" }, { ifMatch: version })
        : post<Saved>(`${path}/move`, { stage, fields, reason: reason || undefined }, { ifMatch: version });
    },
    onSuccess: (saved) => {
      client.setQueriesData<Board | undefined>({ queryKey: ["board"] }, (board) => (board && "columns" in board ? withCardSaved(board, saved.record) : board));
      after(saved.record);
    },
    onError: (_error, move) => client.invalidateQueries({ queryKey: keys.record("opportunity", move.id) }),
  });
}

/** The path of one opportunity, from the server: states, times, and what stands before each stage. */
export const pathQuery = (id: string) => ({
  queryKey: keys.path(id),
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Path>(`/records/opportunity/${id}/path`, { signal }),
});

/** Whether a path stands in a terminal stage, so that leaving it means reopening. */
export function isClosed(path: Path): boolean {
  return path.stages.some((stage) => stage.key === path.current && stage.type !== "in_progress");
}

/** Whether `record` may be moved at all by who is looking at it; lists do not say, and the server decides anyway. */
export function mayMove(record: Rec | undefined, acts: string[] | undefined): boolean {
  return record?.can ? record.can.includes("move") : (acts ?? []).includes("move");
}
