// What one is told, and how one wishes to be told.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { get, post, put, query } from "./http";
import type { Refs } from "./types";

export type Notice = {
  id: string;
  kind: string;
  title: string;
  text: string;
  object?: string | null;
  record?: string | null;
  link?: string | null;
  count: number;
  at: string;
  read_at?: string | null;
  by?: string | null;
  on_behalf_of?: string | null;
  params?: Record<string, unknown>;
};
export type NoticePage = { items: Notice[]; unread: number; refs?: Refs; next_cursor?: string | null };

export const noticeKeys = {
  all: ["notifications"] as const,
  list: (unread: boolean) => ["notifications", "list", unread] as const,
  unread: ["notifications", "unread"] as const,
};

/** How many are unread. */
export const unreadQuery = {
  queryKey: noticeKeys.unread,
  queryFn: async ({ signal }: { signal: AbortSignal }) => (await get<NoticePage>(`/notifications${query({ limit: 1 })}`, { signal })).unread,
  staleTime: 60_000,
};

export const useUnread = () => useQuery(unreadQuery).data ?? 0;

export function useNotices(unread: boolean, enabled = true) {
  return useInfiniteQuery({
    queryKey: noticeKeys.list(unread),
    queryFn: ({ pageParam, signal }) => get<NoticePage>(`/notifications${query({ unread: unread || undefined, limit: 30, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled,
  });
}

/** By their ids, or all up to the newest that one has seen: what comes in this moment stays unread. */
type Which = { ids: string[] } | { all: true; until?: string };

function marked(list: InfiniteData<NoticePage> | undefined, which: Which, read: boolean): InfiniteData<NoticePage> | undefined {
  const concerned = (notice: Notice) => ("ids" in which ? which.ids.includes(notice.id) : !which.until || notice.at <= which.until);
  const now = new Date().toISOString();
  return list && { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map((notice) => (concerned(notice) ? { ...notice, read_at: read ? (notice.read_at ?? now) : null } : notice)) })) };
}

/** All that are on the screen, and those before them. */
export function useMarkAll() {
  const client = useQueryClient();
  const mark = useMarkNotices();
  return () => {
    const lists = client.getQueriesData<InfiniteData<NoticePage>>({ queryKey: ["notifications", "list"] });
    const newest = lists.map(([, list]) => list?.pages[0]?.items[0]?.at).filter((at) => at !== undefined).sort().at(-1);
    mark.mutate({ which: newest ? { all: true, until: newest } : { all: true }, read: true });
  };
}

/** Marks notices at once on the screen; what the server says of how many are unread holds. */
export function useMarkNotices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ which, read }: { which: Which; read: boolean }) => post<{ unread: number }>(`/notifications/${read ? "read" : "unread"}`, which),
    onMutate: ({ which, read }) => {
      client.setQueriesData<InfiniteData<NoticePage>>({ queryKey: ["notifications", "list"] }, (list) => marked(list, which, read));
    },
    onSuccess: ({ unread }) => client.setQueryData(noticeKeys.unread, unread),
    onError: () => client.invalidateQueries({ queryKey: noticeKeys.all }),
  });
}

export type ByEmail = "never" | "at_once" | "digest";
export type NoticePreferences = {
  kinds: { kind: string; label: string; in_app: boolean; email: ByEmail }[];
  digest_at: string;
  digest_days: string[];
  email_available: boolean;
  version: number;
};

const preferencesKey = ["notification-preferences"] as const;

export function useNoticePreferences() {
  return useQuery({ queryKey: preferencesKey, queryFn: ({ signal }) => get<NoticePreferences>("/me/notification-preferences", { signal }) });
}

export function useSaveNoticePreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kinds, digest_at, digest_days, version }: NoticePreferences) =>
      put<NoticePreferences>("/me/notification-preferences", { kinds: kinds.map(({ kind, in_app, email }) => ({ kind, in_app, email })), digest_at, digest_days }, { ifMatch: version }),
    onSuccess: (saved) => client.setQueryData(preferencesKey, saved),
  });
}

export type Deputy = { deputy: string | null; from?: string | null; until?: string | null; active: boolean; version?: number; refs?: Refs };
export type DeputyOf = { items: { person: string; from?: string | null; until?: string | null; active?: boolean }[]; refs?: Refs };

const deputyKey = ["deputy"] as const;

export function useDeputy() {
  return useQuery({ queryKey: [...deputyKey, "own"], queryFn: ({ signal }) => get<Deputy>("/me/deputy", { signal }) });
}

export function useDeputyOf() {
  return useQuery({ queryKey: [...deputyKey, "of"], queryFn: ({ signal }) => get<DeputyOf>("/me/deputy-of", { signal }) });
}

export function useSaveDeputy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, ...deputy }: Pick<Deputy, "deputy" | "from" | "until" | "version">) => put<Deputy>("/me/deputy", deputy, { ifMatch: version }),
    onSuccess: () => client.invalidateQueries({ queryKey: deputyKey }),
  });
}
