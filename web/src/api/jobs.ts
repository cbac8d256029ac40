import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Job as Bare } from "./definitions";
import { get, post, query } from "./http";
import type { Refs } from "./types";

export type JobState = "waiting" | "running" | "done" | "failed" | "cancelled";
export type Job = Omit<Bare, "state" | "by"> & { state: JobState; by: string; attempts: number; can?: string[] };
export type JobsAsked = { state?: JobState; kind?: string; mine?: boolean };

const SOON = 1_500;
const NOW_AND_THEN = 6_000;

/** Jobs, the newest first; read again while they go on. */
export const useJobs = (asked: JobsAsked) =>
  useInfiniteQuery({
    queryKey: ["jobs", asked],
    queryFn: ({ pageParam, signal }) => get<{ items: Job[]; refs: Refs; next_cursor: string | null }>(`/jobs${query({ ...asked, mine: asked.mine || undefined, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: ({ state: { data } }) => (data?.pages.some((page) => page.items.some((job) => job.state === "waiting" || job.state === "running")) ? SOON : NOW_AND_THEN),
  });

/** Tries a job again, or gives it up. */
export function useJobAct() {
  const client = useQueryClient();
  return useMutation({ mutationFn: ({ id, act }: { id: string; act: "retry" | "cancel" }) => post<Job>(`/jobs/${id}/${act}`, {}), onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }) });
}
