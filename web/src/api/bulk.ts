import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get, post } from "./http";
import { keys } from "./queries";
import type { Condition, Value, Violation } from "./types";

export type BulkAct = "edit" | "move" | "change_owner" | "assign" | "claim" | "return" | "move_pool" | "lock" | "unlock" | "void" | "restore" | "delete";

/** Which records: named ones, or all that a list shows. */
export type BulkTarget = { ids: string[] } | { all: true; view?: string; filter?: Condition; q?: string };
export type BulkBody = BulkTarget & { act: BulkAct; fields?: Record<string, Value>; stage?: string; owner?: string; pool?: string; by_rules?: boolean; keep_as?: "read" | "read_write"; reason?: string; dry_run?: boolean };

/** The name is missing where the record is out of sight. */
export type BulkResult = { id: string; name?: string | null; result: "saved" | "unchanged" | "refused"; violations?: Violation[] | null; code?: string | null };

/** One act on many records, and what came of it for each. */
export type Bulk = {
  id?: string | null;
  object: string;
  act: BulkAct;
  state: "running" | "done" | "undone" | "failed" | "cancelled";
  /** Why it failed. */
  message?: string | null;
  total: number | null;
  done: number;
  changed: number;
  refused: number;
  unchanged: number;
  /** Refused ones first. */
  results: BulkResult[];
  undo: boolean;
};

const POLL = 700;

/** Whatever shows records of the object is read again. */
export function readAgain(client: QueryClient, object: string) {
  void client.invalidateQueries({ queryKey: keys.records(object) });
  if (object === "opportunity") void client.invalidateQueries({ queryKey: ["board"] });
  void client.invalidateQueries({ queryKey: ["search"] });
}

export const startBulk = (object: string, body: BulkBody) => post<Bulk>(`/records/${object}/bulk`, body);

/** Takes an act back; what somebody has changed since is left as it is and told. */
export async function undoBulk(client: QueryClient, bulk: Bulk): Promise<Bulk> {
  const undoing = await post<Bulk>(`/bulk/${bulk.id}/undo`, {});
  if (undoing.state !== "running") readAgain(client, bulk.object);
  return undoing;
}

/** Follows an act while it runs; when it has ended, whatever shows the object is read again. */
export function useFollowed(started: Bulk | undefined, dry: boolean): Bulk | undefined {
  const client = useQueryClient();
  const [ended, setEnded] = useState<string>();
  const running = started?.state === "running" && Boolean(started.id);
  const followed = useQuery({
    queryKey: ["bulk", started?.id],
    queryFn: () => get<Bulk>(`/bulk/${started?.id}`),
    enabled: running,
    refetchInterval: (query) => (query.state.data && query.state.data.state !== "running" ? false : POLL),
  });
  const bulk = running ? (followed.data ?? started) : started;
  useEffect(() => {
    if (!bulk || bulk.state === "running" || dry || ended === bulk.id) return;
    setEnded(bulk.id ?? undefined);
    readAgain(client, bulk.object);
  }, [bulk, dry, ended, client]);
  return bulk;
}
