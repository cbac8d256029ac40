// What waits for a person: tasks, next steps that are due, leads, deals past their dates.
import { useInfiniteQuery, useQuery, type InfiniteData } from "@tanstack/react-query";
import { get, query } from "./http";
import type { Refs } from "./types";

export type TodoItem = {
  kind: string;
  id: string;
  title: string;
  /** What it is about. */
  object?: string | null;
  record?: string | null;
  due_at?: string | null;
  overdue: boolean;
  priority?: string | null;
  assignee?: string | null;
  /** The kind of record that it is itself: a task, an activity. */
  item_object: string;
  version: number;
  can: string[];
  /** The absent person whose deputy one is. */
  on_behalf_of?: string | null;
  /** Of a request: who asks. */
  by?: string | null;
  /** Of an approval: the act that waits. */
  what?: string | null;
};
export type TodoCounts = { overdue: number; today: number; later: number; /** What waits now, requests among it. */ badge: number; kinds: Record<string, number> };
export type TodoPage = { counts: TodoCounts; items: TodoItem[]; refs?: Refs; next_cursor?: string | null };

export const todoKeys = { all: ["todo"] as const };

export function useTodo(kind: string | undefined, limit = 100) {
  return useInfiniteQuery({
    queryKey: [...todoKeys.all, "list", kind ?? null, limit],
    queryFn: ({ pageParam, signal }) => get<TodoPage>(`/todo${query({ kind, limit, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: (before) => before,
  });
}

/** Items of all pages, and names. */
export function waitingOf(data: InfiniteData<TodoPage> | undefined): { items: TodoItem[]; refs: Refs; counts: TodoCounts | undefined } {
  return { items: data?.pages.flatMap((page) => page.items) ?? [], refs: Object.assign({}, ...(data?.pages.map((page) => page.refs) ?? [])) as Refs, counts: data?.pages[0]?.counts };
}

/** What is due by the end of today, and requests that wait for one's answer: the number beside To-do. */
export function useWaiting(): number {
  const counts = useQuery({
    queryKey: [...todoKeys.all, "count"],
    queryFn: async ({ signal }) => (await get<TodoPage>(`/todo${query({ limit: 1 })}`, { signal })).counts,
    staleTime: 60_000,
    // What was due later becomes due by itself.
    refetchInterval: 5 * 60_000,
  }).data;
  return counts?.badge ?? 0;
}
