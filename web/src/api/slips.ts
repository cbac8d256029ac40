// What slipped in a deal: its close date pushed, its amount cut, steps back.
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { get, patch, query } from "./http";
import type { Refs, Value } from "./types";

export type SlipKind = "close_date" | "amount" | "stage";
export type Slip = {
  id: string;
  kind: SlipKind;
  old?: Value;
  new?: Value;
  /** By how many the close date was pushed. */
  days?: number | null;
  reason?: string | null;
  at: string;
  by: string;
};
export type Slips = {
  items: Slip[];
  counts: Record<SlipKind, number>;
  /** By how many days the close date was pushed in all. */
  days: number;
  can: string[];
  refs: Refs;
  next_cursor?: string | null;
};

/** Of the deal itself, so that whatever changes it has them read again. */
const slipsKey = (id: string) => ["records", "opportunity", "one", id, "slips"] as const;
const PAGE = 20;

export function useSlips(id: string) {
  return useInfiniteQuery({
    queryKey: slipsKey(id),
    queryFn: ({ pageParam, signal }) => get<Slips>(`/records/opportunity/${id}/slips${query({ limit: PAGE, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** Says why it slipped. */
export function useExplainSlip(deal: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ slip, reason }: { slip: string; reason: string }) => patch<Slip>(`/records/opportunity/${deal}/slips/${slip}`, { reason }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: slipsKey(deal) });
      void client.invalidateQueries({ queryKey: ["timeline", "opportunity", deal] });
    },
  });
}
