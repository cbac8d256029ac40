import { useQuery } from "@tanstack/react-query";
import { get, post, query } from "./http";
import { keys } from "./queries";

/** A record that a search has found; `matched` is the key of the field in which the words were found. */
export type Found = { object: string; id: string; name: string; detail?: string | null; matched?: string | null };
export type FoundPage = { items: Found[]; more?: string[] };
export type Recent = { object: string; id: string; name: string; at: string };

export const searchQuery = (q: string) => ({
  queryKey: keys.search(q),
  queryFn: ({ signal }: { signal: AbortSignal }) => get<FoundPage>(`/search${query({ q })}`, { signal }),
  enabled: q.length > 0,
});

const recentKey = ["recent"] as const;

/** What the person has opened lately, the latest first. Not to know it is no reason to show an error. */
export function useRecent(): Recent[] {
  return useQuery({ queryKey: recentKey, queryFn: () => get<{ items: Recent[] }>("/me/recent"), staleTime: 0, retry: false }).data?.items ?? [];
}

/** Remembers that a record has been opened. Nobody waits for it, and nothing is lost where it fails. */
export function rememberOpened(object: string, id: string) {
  void post("/me/recent", { object, id }).catch(() => undefined);
}
