import { useMutation, useQueryClient } from "@tanstack/react-query";
import { get, post } from "~/api/http";
import { keys, useAfterWrite } from "~/api/queries";
import type { Board, Path, Rec, Saved, Value } from "~/api/types";
import { MOVING } from "~/events/useEvents";
import { withCardSaved } from "./boardMoves";

/** A record that is created together with a move. */
export type Created = { object: string; fields: Record<string, Value> };

/** One move of an opportunity, as the person asked for it. */
export interface Move {
  id: string;
  version: number;
  stage: string;
  fields?: Record<string, Value>;
  create?: Created[];
  reason?: string;
  /** What stands in the way is passed by, with the reason. */
  bypass?: boolean;
  /** Leaving a terminal stage is an act of its own, with its own right. */
  reopen?: boolean;
  /** Into another process: an act of its own, too. */
  process?: string;
}

/** Where a move is asked for, and what is sent along; `dry` only asks what stands against it. */
export function requestOf({ id, stage, fields, create, reason, bypass, reopen, process }: Omit<Move, "version">, dry = false): [path: string, body: Record<string, unknown>] {
  const body = {
    stage,
    fields: fields && Object.keys(fields).length > 0 ? fields : undefined,
    reason: reason?.trim() || undefined,
    bypass: bypass || undefined,
    dry_run: dry || undefined,
  };
  const at = `/records/opportunity/${id}`;
  const creates = create && create.length > 0 ? create : undefined;
  if (process) return [`${at}/change-process`, { process, ...body }];
  return reopen ? [`${at}/reopen`, { ...body, create: creates }] : [`${at}/move`, { ...body, create: creates }];
}

/** The act of moving. Lists, board, path and stays are read again afterwards. */
export function useMove() {
  const after = useAfterWrite();
  const client = useQueryClient();
  return useMutation({
    mutationKey: MOVING,
    mutationFn: (move: Move) => post<Saved>(...requestOf(move), { ifMatch: move.version }),
    onSuccess: (saved) => {
      client.setQueriesData<Board | undefined>({ queryKey: ["board"] }, (board) => (board && "columns" in board ? withCardSaved(board, saved.record) : board));
      after(saved.record);
      for (const queryKey of [["todo"], ["timeline"]]) void client.invalidateQueries({ queryKey });
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

/** What one may do with where the deal stands, as the server says. */
export function actsOn(path: Path | undefined, record: Rec | undefined): { move: boolean; reopen: boolean; changeProcess: boolean; bypass: boolean } {
  const can = path?.can;
  const move = can?.move ?? mayMove(record, undefined);
  const reopen = can?.reopen ?? Boolean(path && isClosed(path) && path.stages.some((stage) => stage.type === "in_progress" && stage.reachable));
  return { move, reopen, changeProcess: can?.change_process ?? false, bypass: can?.bypass ?? false };
}
