// Records that are made one, groups of those that may be, and scans for them.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { get, post, query } from "./http";
import { keys } from "./queries";
import type { Closer, Server } from "./server";
import type { Rec, Value } from "./types";

export type MergeBody = Server["Merge"];
export type Merged = Closer<"Merged", { record?: Rec | null }>;
export type MergeTold = Server["MergeTold"];
export type Unmerged = Closer<"Unmerged", { record?: Rec | null }>;

export type GroupState = "open" | "dismissed" | "merged";
export type GroupRecord = Closer<"GroupRecord", { fields: Record<string, Value> }>;
export type DuplicateGroup = Closer<"DuplicateGroupTold", { state: GroupState; records: GroupRecord[] }>;
export type ScanTold = Closer<"ScanTold", { state: "waiting" | "running" | "done" | "failed" | "cancelled" }>;
type GroupPage = Closer<"DuplicateGroups", { items: DuplicateGroup[]; scan?: ScanTold | null }>;

export const isUnderWay = (scan: ScanTold | null | undefined) => scan?.state === "waiting" || scan?.state === "running";

/** Whatever shows records is read again: what hung on them may be of any object. */
export function readAllAgain(client: QueryClient) {
  for (const key of ["records", "board", "search", "duplicate-groups", "duplicates", "timeline"]) void client.invalidateQueries({ queryKey: [key] });
}

export const mergeRecords = (object: string, winner: string, body: MergeBody) => post<Merged>(`/records/${object}/${winner}/merge`, body);
export const undoMerge = (merge: string) => post<Unmerged>(`/merges/${merge}/undo`, {});

/** What a merge would move, and of which fields one may say whose value is taken: nothing is done by asking. */
export const useMergeTrial = (object: string, winner: string | undefined, body: MergeBody, enabled: boolean) =>
  useQuery({
    queryKey: ["merge-trial", object, winner, body],
    queryFn: () => mergeRecords(object, winner ?? "", { ...body, dry_run: true }),
    enabled: enabled && winner !== undefined,
    placeholderData: (before) => before,
    retry: false,
    staleTime: 0,
  });

/** The merges in which a record took part, newest first. */
export const useMerges = (object: string, id: string, enabled: boolean) =>
  useQuery({ queryKey: [...keys.record(object, id), "merges"], queryFn: () => get<Server["Merges"]>(`/records/${object}/${id}/merges`), enabled });

const SOON = 1_200;

/** Groups of records that are alike, the most alike first; read again while a scan goes on. */
export const useDuplicateGroups = (object: string, state: GroupState) =>
  useInfiniteQuery({
    queryKey: ["duplicate-groups", object, state],
    queryFn: ({ pageParam, signal }) => get<GroupPage>(`/duplicate-groups${query({ object, state, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: ({ state: { data } }) => (isUnderWay(data?.pages[0]?.scan) ? SOON : false),
  });

export function useScan(object: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => post<ScanTold>("/duplicates/scan", { object }), onSettled: () => client.invalidateQueries({ queryKey: ["duplicate-groups", object] }) });
}

export function useGroupAct(object: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, act }: { id: string; act: "dismiss" | "reopen" }) => post<unknown>(`/duplicate-groups/${id}/${act}`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: ["duplicate-groups", object] }),
  });
}
