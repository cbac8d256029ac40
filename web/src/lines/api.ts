// Lines of deals, quotes and orders, and the prices of books: read whole, saved whole.
import { get, put, query } from "~/api/http";
import { fetchList, keys } from "~/api/queries";
import type { MoneyValue, Rec, Value } from "~/api/types";

const PAGE = 200;

/** Every row that lives in a record, in its order. */
export const rowsQuery = (object: string, link: string, master: string, fields: string[], ordered: boolean) => ({
  queryKey: [...keys.records(object), "list", "all", master, fields] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Rec[]> => {
    const rows: Rec[] = [];
    let cursor: string | null | undefined = null;
    do {
      const page: Awaited<ReturnType<typeof fetchList>> = await fetchList(object, { filter: { field: link, op: "eq", value: master }, sort: ordered ? "position" : "name", fields, limit: PAGE }, cursor, signal);
      rows.push(...page.items.map((item) => (page.refs ? { ...item, refs: { ...page.refs, ...item.refs } } : item)));
      cursor = page.next_cursor;
    } while (cursor);
    return rows;
  },
});

export type Price = { product: string; list_price: MoneyValue | null; from: "book" | "product" | null; book?: string | null };

/** By which price book products are priced in a record, and in which currency. */
export const pricingQuery = (object: string, id: string) => ({
  queryKey: [...keys.record(object, id), "pricing"] as const,
  queryFn: () => get<{ currency?: string | null; book?: string | null; refs?: Rec["refs"] }>(`/prices${query({ object, id })}`),
});

/** What products cost in a deal, a quote or an order, by the price book that holds there. */
export const fetchPrices = (object: string, id: string, products: string[]) => get<{ items: Price[]; currency?: string | null }>(`/prices${query({ object, id, products: products.join(",") })}`);

/** A row as it is sent: one without an id is new. */
export type RowSent = { id?: string; version?: number; fields: Record<string, Value> };
export type RowsSent = { rows: RowSent[]; removed: string[] };

/** Saves a whole grid: all of it or nothing. The same key keeps new rows from coming twice. */
export const saveRows = (master: string, id: string, body: RowsSent, idempotencyKey: string) => put<{ record: Rec }>(`/records/${master}/${id}/lines`, body, { idempotencyKey });
