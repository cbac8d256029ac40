// Quotes and orders: made from a deal or from each other, taken a step further, printed.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { API_ROOT, post, query } from "~/api/http";
import { fetchList, keys, useAfterWrite } from "~/api/queries";
import type { Condition, MoneyValue, Rec, Value } from "~/api/types";

/** A price that was converted on the way. */
export type Converted = { name?: string | null; from: MoneyValue; to: MoneyValue };
export type Made = { result: string; record: Rec | null; converted?: Converted[]; not_copied?: string[]; approval?: string | null };
export type Turned = { result: string; record: Rec | null; opportunity?: Rec | null; approval?: string | null; dry_run?: boolean };
export type NewQuote = { name?: string; currency?: string; price_book?: string; valid_until?: string; with_lines?: boolean; fields?: Record<string, Value> };

const body = (given: object) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== ""));

export const makeQuote = (deal: string, given: NewQuote, idempotencyKey: string) => post<Made>(`/records/opportunity/${deal}/quotes`, body(given), { idempotencyKey });
export const makeVersion = (quote: Rec, idempotencyKey: string) => post<Made>(`/records/quote/${quote.id}/version`, {}, { ifMatch: quote.version, idempotencyKey });
export const makeOrder = (from: { object: string; id: string }, given: { quote?: string; fields?: Record<string, Value> }, idempotencyKey: string) =>
  post<Made>(from.object === "quote" ? `/records/quote/${from.id}/order` : `/records/opportunity/${from.id}/orders`, body(given), { idempotencyKey });
export const turn = (record: Rec, status: string, reason?: string, dryRun = false) =>
  post<Turned>(`/records/${record.object}/${record.id}/status${dryRun ? "?dry_run=true" : ""}`, body({ status, reason: reason || undefined }), { ifMatch: record.version });

/** Where the paper of a quote or an order is. */
export const printUrl = (record: Rec, language: string) => `${API_ROOT}/records/${record.object}/${record.id}/print${query({ language })}`;

/** Everything that may show another figure now. */
export function useAfterMoney() {
  const client = useQueryClient();
  const after = useAfterWrite();
  return (...records: (Rec | null | undefined)[]) => {
    for (const record of records) if (record) after(record);
    for (const queryKey of [["records"], ["board"], ["timeline"], ["todo"], ["approvals"]]) void client.invalidateQueries({ queryKey });
  };
}

export function useTurn(record: Rec) {
  const after = useAfterMoney();
  return useMutation({ mutationFn: ({ status, reason }: { status: string; reason?: string }) => turn(record, status, reason), onSuccess: (turned) => after(turned.record, turned.opportunity) });
}

/** What would happen, without it happening. */
export const useTrial = (record: Rec, status: string) =>
  useQuery({ queryKey: ["turn", record.object, record.id, status, record.version], queryFn: () => turn(record, status, "…", true), retry: false, refetchOnWindowFocus: false, gcTime: 0 });

const papers = (object: string, filter: Condition, fields: string[], sort: string) => ({
  queryKey: [...keys.records(object), "list", "papers", filter, fields] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Rec[]> => {
    const page = await fetchList(object, { filter, fields, sort, limit: 100 }, null, signal);
    return page.items.map((item) => ({ ...item, refs: { ...page.refs, ...item.refs } }));
  },
});

const QUOTE = ["name", "number", "version_no", "current", "quote_status", "total", "valid_until", "sent_at", "owner", "created_at"];
const ORDER = ["name", "number", "order_status", "total", "order_date", "owner", "quote", "created_at"];

export const quotesOf = (deal: string) => papers("quote", { field: "opportunity", op: "eq", value: deal }, QUOTE, "-created_at");
export const ordersOf = (deal: string) => papers("sales_order", { field: "opportunity", op: "eq", value: deal }, ORDER, "-created_at");
export const ordersOfQuote = (quote: string) => papers("sales_order", { field: "quote", op: "eq", value: quote }, ORDER, "-created_at");
export const versionsOf = (deal: string, number: string) =>
  papers("quote", { all: [{ field: "opportunity", op: "eq", value: deal }, { field: "number", op: "eq", value: number }] }, QUOTE, "-version_no");
