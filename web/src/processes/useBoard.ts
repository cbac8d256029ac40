import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { get, query } from "~/api/http";
import { fetchList, keys, rowsOf } from "~/api/queries";
import type { Board, BoardColumn, Process, Rec } from "~/api/types";
import { conditionOfColumn, conditionOfView, type BoardView } from "./boardFilter";
import { columnOf, withCardMoved } from "./boardMoves";

const FIRST_CARDS = 30;
const MORE_CARDS = 50;
const MOST_CARDS = 200;

/** The processes that a board can be drawn of. */
export function useProcesses() {
  return useQuery({ queryKey: keys.processes, queryFn: () => get<{ items: Process[] }>("/processes"), staleTime: 60_000 });
}

/** Board of one process: heads over all rows, and the first cards of each column. */
export function useBoard(view: BoardView, process: string | undefined) {
  const client = useQueryClient();
  const params = { process, filter: conditionOfView(view), q: view.q, limit: FIRST_CARDS };
  const queryKey = keys.board(params);
  const board = useQuery({
    queryKey,
    queryFn: ({ signal }) => get<Board>(`/records/opportunity/board${query(params)}`, { signal }),
    enabled: process !== undefined,
    placeholderData: keepPreviousData,
  });

  const key = JSON.stringify(queryKey);
  /** Shows a move before the server has answered; the returned function puts the card back. */
  const moveAhead = useCallback(
    async (card: Rec, from: string, to: string) => {
      const boardKey = JSON.parse(key) as unknown[];
      await client.cancelQueries({ queryKey: boardKey });
      client.setQueryData<Board>(boardKey, (present) => present && withCardMoved(present, card, from, to, new Date().toISOString()));
      return () => {
        // A reading in between may have put the card back already; its totals must not be moved twice.
        client.setQueryData<Board>(boardKey, (present) =>
          present && columnOf(present, card.id)?.stage === to ? withCardMoved(present, card, to, from, String(card.fields["stage_entered_at"] ?? "")) : present,
        );
        void client.invalidateQueries({ queryKey: boardKey });
      };
    },
    [client, key],
  );
  return { ...board, moveAhead };
}

/**
 * The cards of a column beyond those that came with the board. The board's own cursor is part of the key: when a card joins
 * the column its first cards shift, and what follows them is read again, as much as had been there.
 */
export function useMoreCards(view: BoardView, processField: string, process: string, column: BoardColumn, wanted: boolean) {
  const loaded = useRef(0);
  const filter = conditionOfColumn(view, processField, process, column.stage);
  const params = { filter, q: view.q, sort: "-stage_entered_at", after: column.next_cursor };
  const more = useInfiniteQuery({
    queryKey: keys.board({ ...params, column: column.stage }),
    queryFn: ({ pageParam, signal }) => {
      const limit = Math.min(MOST_CARDS, Math.max(MORE_CARDS, loaded.current));
      return fetchList("opportunity", { filter, q: view.q, sort: params.sort, limit }, pageParam, signal);
    },
    initialPageParam: column.next_cursor ?? null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: wanted && Boolean(column.next_cursor),
  });
  const cards = rowsOf(more.data);
  const count = more.isPlaceholderData ? undefined : cards.length;
  useEffect(() => {
    if (count !== undefined) loaded.current = count;
  }, [count]);
  return { ...more, cards: column.next_cursor ? cards : [] };
}
