import { keepPreviousData, MutationCache, QueryCache, QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { ApiProblem, get, keepCsrfToken, patch, post, put, query } from "./http";
import type { Condition, History, Me, ObjectDef, Objects, Rec, RecPage, Saved, Setup, Team, TeamMember, Value } from "./types";

/** Every key begins with what it shows, so that a hint can invalidate exactly that. */
export const keys = {
  setup: ["setup"] as const,
  me: ["me"] as const,
  objects: ["objects"] as const,
  records: (object: string) => ["records", object] as const,
  list: (object: string, params: ListParams) => ["records", object, "list", params] as const,
  record: (object: string, id: string) => ["records", object, "one", id] as const,
  history: (object: string, id: string) => ["records", object, "one", id, "history"] as const,
  team: (object: string, id: string) => ["records", object, "one", id, "team"] as const,
  path: (id: string) => ["records", "opportunity", "one", id, "path"] as const,
  stays: (id: string) => ["records", "opportunity", "one", id, "stays"] as const,
  board: (params: unknown) => ["board", params] as const,
  processes: ["processes"] as const,
  process: (id: string) => ["processes", id] as const,
  organisation: ["organisation"] as const,
  rates: ["organisation", "rates"] as const,
  roles: ["roles"] as const,
  imports: ["imports"] as const,
  search: (q: string) => ["search", q] as const,
};

export type ListParams = {
  /** The view whose filter holds besides. */
  view?: string;
  filter?: Condition;
  q?: string;
  sort?: string;
  fields?: string[];
  limit?: number;
  count?: "exact" | "none";
  /** The recycle bin alone. */
  voided?: "only";
};

/** `onRefused` hears of every call that failed, besides the screen that made it. */
export function createQueryClient({ onRefused }: { onRefused?: (error: Error) => void } = {}) {
  return new QueryClient({
    queryCache: new QueryCache({
      // Who one is, is asked by the router, which knows what to do with the answer.
      onError: (error, asked) => asked.queryKey[0] !== keys.me[0] && onRefused?.(error),
    }),
    mutationCache: new MutationCache({ onError: onRefused }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && (!(error instanceof ApiProblem) || error.status >= 502 || error.status === 0),
        refetchOnWindowFocus: true,
      },
    },
  });
}

export function useSetup() {
  return useQuery({ queryKey: keys.setup, queryFn: () => get<Setup>("/setup"), staleTime: 60_000 });
}

export async function fetchMe(): Promise<Me> {
  const me = await get<Me>("/me");
  keepCsrfToken(me.csrf_token);
  return me;
}

export const meQuery = { queryKey: keys.me, queryFn: fetchMe, staleTime: 5 * 60_000 };

/** The signed-in person. Inside the shell it is always there. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("useMe outside the signed-in part of the app");
  return data;
}

export const objectsQuery = { queryKey: keys.objects, queryFn: () => get<Objects>("/objects"), staleTime: 5 * 60_000 };

/** All objects one may see, or an empty list while they load. */
export function useObjects(): ObjectDef[] {
  return useQuery(objectsQuery).data?.objects ?? [];
}

/** One object's definition; `undefined` while it loads or when there is none of that key. */
export function useObject(key: string): ObjectDef | undefined {
  return useObjects().find((object) => object.key === key);
}

export function fetchList(object: string, params: ListParams, cursor?: string | null, signal?: AbortSignal) {
  const { fields, ...rest } = params;
  return get<RecPage>(`/records/${object}${query({ ...rest, fields: fields?.join(","), cursor, count: cursor ? "none" : params.count })}`, { signal });
}

/** A list page by page, by the server's cursor; `count` is asked for with the first page alone. */
export function useRecordList(object: string, params: ListParams, enabled = true) {
  return useInfiniteQuery({
    queryKey: keys.list(object, params),
    queryFn: ({ pageParam, signal }) => fetchList(object, params, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** The rows of all loaded pages, each knowing the names it refers to. */
export function rowsOf(data: InfiniteData<RecPage> | undefined): Rec[] {
  return data ? data.pages.flatMap((page) => (page.refs ? page.items.map((item) => ({ ...item, refs: { ...page.refs, ...item.refs } })) : page.items)) : [];
}

export const recordQuery = (object: string, id: string) => ({
  queryKey: keys.record(object, id),
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Rec>(`/records/${object}/${id}`, { signal }),
});

export function useRecord(object: string, id: string) {
  return useQuery(recordQuery(object, id));
}

export function useHistory(object: string, id: string, only: { field?: string; by?: string } = {}) {
  return useInfiniteQuery({
    queryKey: [...keys.history(object, id), only],
    queryFn: ({ pageParam, signal }) => get<History>(`/records/${object}/${id}/history${query({ ...only, cursor: pageParam })}`, { signal }),
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export function useTeam(object: string, id: string, enabled = true) {
  return useQuery({ queryKey: keys.team(object, id), queryFn: () => get<Team>(`/records/${object}/${id}/team`), enabled });
}

/** A list as it is kept, of whichever form, with the record as it is now. */
export function withRecord(list: unknown, record: Rec): unknown {
  if (typeof list !== "object" || list === null) return list;
  const renew = (rows: Rec[]) => rows.map((row) => (row.id === record.id ? { ...row, version: record.version, revision: record.revision, fields: { ...row.fields, ...record.fields }, refs: { ...row.refs, ...record.refs } } : row));
  if ("pages" in list) return { ...list, pages: (list as InfiniteData<RecPage>).pages.map((page) => ({ ...page, items: renew(page.items) })) };
  if ("rows" in list) return { ...list, rows: renew((list as { rows: Rec[] }).rows) };
  return list;
}

/** After a write: keep the answer, and read again whatever shows the object. */
export function useAfterWrite() {
  const client = useQueryClient();
  return (record: Rec) => {
    client.setQueryData(keys.record(record.object, record.id), record);
    // The lists are read again, but what has just been typed is not seen to jump back meanwhile.
    client.setQueriesData({ queryKey: [...keys.records(record.object), "list"] }, (list: unknown) => withRecord(list, record));
    void client.invalidateQueries({ queryKey: keys.records(record.object) });
    if (record.object === "opportunity") void client.invalidateQueries({ queryKey: ["board"] });
    // What lives in it may be locked with it.
    if (record.lock !== undefined) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "records" && queryKey[2] === "one" && queryKey[1] !== record.object });
    if (record.object.startsWith("opportunity")) void client.invalidateQueries({ queryKey: keys.records("opportunity") });
    // What stands between a deal and a stage may hang on anything around it.
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === "opportunity" && (queryKey[4] === "path" || queryKey[4] === "tasks") });
    void client.invalidateQueries({ queryKey: ["search"] });
  };
}

export function useCreateRecord(object: string) {
  const after = useAfterWrite();
  return useMutation({
    mutationFn: (input: { fields: Record<string, Value> }) => post<Saved>(`/records/${object}`, input),
    onSuccess: (saved) => after(saved.record),
  });
}

export function useUpdateRecord(object: string, id: string) {
  const after = useAfterWrite();
  return useMutation({
    mutationFn: (input: { version: number; fields: Record<string, Value>; reason?: string }) =>
      patch<Saved>(`/records/${object}/${id}`, { fields: input.fields, reason: input.reason || undefined }, { ifMatch: input.version }),
    onSuccess: (saved) => after(saved.record),
  });
}

/** An act on a record other than editing it: `void`, `restore`, `lock`, `unlock`, `change-owner`, `reopen`. */
export function useRecordAct(object: string, id: string, act: "void" | "restore" | "lock" | "unlock" | "change-owner" | "reopen" | "assign" | "mark-invalid") {
  const after = useAfterWrite();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { version: number; body: Record<string, unknown> }) =>
      post<Saved>(`/records/${object}/${id}/${act}`, input.body, { ifMatch: input.version }),
    onSuccess: (saved) => {
      if (saved?.record) after(saved.record);
      else void client.invalidateQueries({ queryKey: keys.records(object) });
    },
  });
}

export function useSaveTeam(object: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { version: string; members: TeamMember[] }) => put<Team>(`/records/${object}/${id}/team`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.record(object, id) }),
  });
}
