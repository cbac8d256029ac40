// Pools: where records lie that nobody has, to be claimed or given out.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, del, get, post, put, query } from "./http";
import { useAfterWrite, keys } from "./queries";
import type { Closer } from "./server";
import type { Receiver } from "./sharing";
import type { Condition, Rec, Saved } from "./types";

export type PoolMode = "claimable" | "assigned_only";
export const WITHOUT = ["follow_up", "stage_progress", "win"] as const;
export type Reclaim = Closer<"Reclaim", { without: (typeof WITHOUT)[number]; warn_days_before: number[] }>;
/** Without a condition records are put into it by hand. */
export type PoolDocument = Closer<
  "SavePool",
  { active: boolean; condition?: Condition | null; administrators: Receiver[]; members: Receiver[]; mode: PoolMode; hidden: string[]; reclaim: Reclaim[]; clears: { team: boolean; fields: string[] } }
>;
export type PoolAct = "claim" | "assign" | "move" | "administer";
/** A pool as whoever is in it sees it; the whole document for administrators. */
export type Pool = Closer<"Pool", { mode: PoolMode; can: PoolAct[] } & Partial<Pick<PoolDocument, "condition" | "administrators" | "members" | "reclaim" | "clears">>>;
export type Pools = Closer<"Pools", { items: Pool[] }>;

/** What was done with a record in a pool. */
export type PoolEvent = "put" | "claim" | "assign" | "return" | "move" | "reclaim" | "warn";
export type PoolLogItem = Closer<"PoolEntry", { act: PoolEvent }>;
export type PoolLog = Closer<"PoolLog", { items: PoolLogItem[] }>;

export const poolKeys = { all: ["pools"] as const };

export const poolOf = ({ object, name, active, condition, administrators, members, mode, hidden, claims_per_day, not_again_for_days, reclaim, clears }: PoolDocument): PoolDocument => ({
  object,
  name,
  active,
  ...(condition ? { condition } : {}),
  administrators,
  members,
  mode,
  hidden,
  ...(claims_per_day == null ? {} : { claims_per_day }),
  ...(not_again_for_days == null ? {} : { not_again_for_days }),
  reclaim,
  clears,
});

/** Whether this is the whole document. */
export const isWhole = (pool: Pool): pool is Pool & PoolDocument => pool.members !== undefined && pool.administrators !== undefined;

export const poolsQuery = { queryKey: poolKeys.all, queryFn: () => get<Pools>("/pools"), staleTime: 30_000 };
export const usePools = (enabled = true) => useQuery({ ...poolsQuery, enabled });

export function usePoolLog(pool: string) {
  return useInfiniteQuery({
    queryKey: [...poolKeys.all, pool, "log"],
    queryFn: ({ pageParam }) => get<PoolLog>(`/pools/${pool}/log${query({ cursor: pageParam })}`),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

function useAfterPools() {
  const client = useQueryClient();
  return () => {
    // The names of pools are the options of a field.
    void client.invalidateQueries({ queryKey: keys.objects });
    return client.invalidateQueries({ queryKey: poolKeys.all });
  };
}

export function useSavePool() {
  const after = useAfterPools();
  return useMutation({
    mutationFn: ({ document, over }: { document: PoolDocument; over?: { id: string; version: number } }) => (over ? put<Pool>(`/pools/${over.id}`, document, { ifMatch: over.version }) : post<Pool>("/pools", document)),
    onSuccess: after,
  });
}

export function useDeletePool() {
  const after = useAfterPools();
  return useMutation({ mutationFn: (pool: Pick<Pool, "id" | "version">) => del(`/pools/${pool.id}`, { ifMatch: pool.version }), onSuccess: after });
}

export type PoolDeed = { act: "claim" | "assign" | "return" | "move-pool"; body?: { owner?: string; pool?: string; reason?: string } };

/** What is done with a record and its pool; what others hold and what is left for today is told anew. */
export function usePoolDeed(object: string) {
  const after = useAfterWrite();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ record, act, body }: PoolDeed & { record: Pick<Rec, "id" | "version"> }) => post<Saved>(`/records/${object}/${record.id}/${act}`, body ?? {}, { ifMatch: record.version }),
    onSuccess: (saved) => {
      if (saved?.record) after(saved.record);
    },
    // Whoever returns a record may not see it any more, and somebody else may have been faster.
    onSettled: (_saved, error) => {
      if (error && !(error instanceof ApiProblem && error.status === 422)) void client.invalidateQueries({ queryKey: keys.records(object) });
      void client.invalidateQueries({ queryKey: ["holdings"] });
      return client.invalidateQueries({ queryKey: poolKeys.all });
    },
  });
}
