import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put, query } from "./http";
import type { Condition, Refs } from "./types";

export const ACTS = ["create", "edit", "move", "reopen", "change_owner", "team", "comment", "convert", "void", "restore", "merge", "lock", "unlock", "delete", "quote_sent", "quote_accepted", "quote_rejected", "quote_reopened", "order_confirmed", "order_cancelled"] as const;
export type WebhookAct = (typeof ACTS)[number];
export type Subscription = { object: string; acts: string[]; condition: Condition | null };
export type WebhookDocument = { name: string; description: string; address: string; active: boolean; subscriptions: Subscription[] };
export type WebhookState = "new" | "healthy" | "failing" | "paused" | "gone" | "off";
export type Webhook = WebhookDocument & {
  id: string;
  version: number;
  /** Whoever saved it last: what he may not see is not sent. */
  eyes: string;
  state: WebhookState;
  failing_since: string | null;
  failures: number;
  succeeded_at: string | null;
  paused_at: string | null;
  paused_why: "failing" | "gone" | "eyes" | "condition" | null;
  gap_until: string | null;
  former_secret_until: string | null;
  waiting: number;
  failed: number;
  created_at: string;
  created_by: string;
  updated_at: string;
  /** Told once: in the answer that made it. */
  secret?: string | null;
  refs?: Refs;
};
export type DeliveryState = "waiting" | "delivered" | "failed";
export type Attempt = {
  number: number;
  at: string;
  took_ms: number;
  status: number | null;
  error: string | null;
  detail: string | null;
  request: Record<string, string>;
  answer: string | null;
};
export type Delivery = {
  id: string;
  message: string;
  webhook: string;
  object: string | null;
  record: string | null;
  revision: number | null;
  act: string;
  type: string;
  at: string;
  created_at: string;
  state: DeliveryState;
  attempts: number;
  ended_at: string | null;
  body?: string | null;
  attempt_list?: Attempt[];
  due_at?: string | null;
  refs?: Refs;
};

const keys = {
  all: ["webhooks"] as const,
  one: (id: string) => ["webhooks", id] as const,
  deliveries: (id: string, state?: DeliveryState) => ["webhooks", id, "deliveries", state ?? null] as const,
  delivery: (id: string) => ["webhooks", "delivery", id] as const,
};

/** Deliveries come and go by themselves. */
const SOON = 3_000;

export const useWebhooks = (enabled: boolean) =>
  useQuery({ queryKey: keys.all, queryFn: ({ signal }) => get<{ items: Webhook[]; refs: Refs }>("/webhooks", { signal }), enabled, refetchInterval: 3 * SOON });

export const useWebhook = (id: string, enabled: boolean) => useQuery({ queryKey: keys.one(id), queryFn: ({ signal }) => get<Webhook>(`/webhooks/${id}`, { signal }), enabled, refetchInterval: SOON });

export const useDeliveries = (id: string, state?: DeliveryState) =>
  useInfiniteQuery({
    queryKey: keys.deliveries(id, state),
    queryFn: ({ pageParam, signal }) => get<{ items: Delivery[]; refs: Refs; next_cursor: string | null }>(`/webhooks/${id}/deliveries${query({ state, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: ({ state: { data } }) => ((data?.pages.length ?? 0) > 1 ? false : SOON),
  });

export const useDelivery = (id: string) =>
  useQuery({ queryKey: keys.delivery(id), queryFn: ({ signal }) => get<Delivery>(`/webhooks/deliveries/${id}`, { signal }), refetchInterval: ({ state }) => (state.data?.state === "waiting" ? SOON / 3 : false) });

export const documentOf = ({ name, description, address, active, subscriptions }: WebhookDocument): WebhookDocument => ({
  name, description, address, active,
  subscriptions: subscriptions.map(({ object, acts, condition }) => ({ object, acts, condition: condition ?? null })),
});

function useRenew() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: keys.all });
}

export function useSaveWebhook() {
  const renew = useRenew();
  return useMutation({
    mutationFn: ({ document, over }: { document: WebhookDocument; over?: Pick<Webhook, "id" | "version"> }) =>
      over ? put<Webhook>(`/webhooks/${over.id}`, document, { ifMatch: over.version }) : post<Webhook>("/webhooks", document),
    onSuccess: renew,
  });
}

/** What one may do with a webhook besides editing it. */
export function useWebhookActs(id: string) {
  const renew = useRenew();
  const after = async <T,>(done: Promise<T>): Promise<T> => {
    const answer = await done;
    await renew();
    return answer;
  };
  return {
    test: () => after(post<Delivery>(`/webhooks/${id}/test`, {})),
    roll: () => after(post<Webhook>(`/webhooks/${id}/secret`, {})),
    resume: () => after(post<Webhook>(`/webhooks/${id}/resume`, {})),
    remove: (version: number) => after(del(`/webhooks/${id}`, { ifMatch: version })),
    replay: (delivery: string) => after(post<Delivery>(`/webhooks/deliveries/${delivery}/replay`, {})),
    count: (span: Span) => post<{ deliveries: number }>(`/webhooks/${id}/replay`, { ...span, dry_run: true }),
    replaySpan: (span: Span) => after(post<{ deliveries: number }>(`/webhooks/${id}/replay`, span)),
  };
}

export type Span = { from: string; until: string; state?: "delivered" | "failed" };
