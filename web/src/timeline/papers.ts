import type { TimelineItem } from "~/api/timeline";

const STATES = ["sent", "accepted", "rejected", "confirmed", "cancelled"] as const;

/** What became of a quote or an order: the answer of the customer that is taken back leads to sent as well. */
export function turnOf(item: Pick<TimelineItem, "kind" | "changes">): { turn: (typeof STATES)[number] | "reopened"; field: string } | undefined {
  const field = item.kind === "quote" ? "quote_status" : item.kind === "order" ? "order_status" : undefined;
  const change = item.changes?.find((one) => one.field === field);
  if (!field || !change) return undefined;
  if (change.new === "sent" && (change.old === "accepted" || change.old === "rejected")) return { turn: "reopened", field };
  const turn = STATES.find((state) => state === change.new);
  return turn && { turn, field };
}
