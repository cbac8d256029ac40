import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { recordQuery } from "~/api/queries";
import type { MoneyValue, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { valueOf, type Written } from "~/grid/rows";
import type { Chosen } from "~/grid/useGrid";
import { fetchPrices, type Price } from "./api";
import { isLine, isPriced } from "./places";

/** What follows from a product that is chosen in a row: its name, its unit and its price, as far as they are not given along with it. */
export function useFollows(object: string, master: { object: string; id: string }, currency: string | undefined) {
  const client = useQueryClient();
  const { object: of, id } = master;
  return useCallback(
    async (chosen: Chosen[]): Promise<Map<string, Written>> => {
      const products = chosen.filter(({ column }) => column.field.key === "product");
      if (!isPriced(object) || products.length === 0) return new Map();
      const ids = [...new Set(products.map(({ choice }) => choice.id))];
      const prices = isLine(object) ? await pricesOf(of, id, ids) : new Map<string, Price>();
      const written = await Promise.all(
        products.map(async (one): Promise<[string, Written]> => {
          const known = Object.keys(one.choice.fields).length > 0 ? one.choice.fields : ((await client.fetchQuery({ ...recordQuery("product", one.choice.id), staleTime: 60_000 }).catch(() => undefined))?.fields ?? {});
          const name = one.choice.name || String(known.name ?? "");
          return [one.key, { fields: filledIn(one, name, known, prices.get(one.choice.id), isLine(object), currency), refs: { [one.choice.id]: { object: "product", name } } }];
        }),
      );
      return new Map(written);
    },
    [object, of, id, currency, client],
  );
}

const AT_ONCE = 100;

async function pricesOf(object: string, id: string, products: string[]): Promise<Map<string, Price>> {
  const parts = Array.from({ length: Math.ceil(products.length / AT_ONCE) }, (_, at) => products.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
  // Without prices the rows can be filled in all the same; the server sets them when it saves.
  const answers = await Promise.all(parts.map((part) => fetchPrices(object, id, part).catch(() => undefined)));
  return new Map(answers.flatMap((answer) => answer?.items.map((price) => [price.product, price] as const) ?? []));
}

function filledIn({ row, given }: Chosen, name: string, product: Record<string, Value>, price: Price | undefined, line: boolean, currency: string | undefined): Record<string, Value> {
  const before = valueOf(row, "product");
  const fields: Record<string, Value> = {};
  const named = valueOf(row, "name");
  // A name that somebody has written stays; the one that came with the product before goes with it.
  if (!given.includes("name") && (isEmpty(named) || named === row.refs?.[String(before)]?.name)) fields.name = name;
  if (line) {
    if (!given.includes("unit") && (!isEmpty(product.unit) || !isEmpty(before))) fields.unit = product.unit ?? null;
    if (price) fields.list_price = price.list_price;
    if (price && !given.includes("price") && (price.list_price || !isEmpty(before))) fields.price = price.list_price;
    return fields;
  }
  const listed = product.list_price as MoneyValue | null | undefined;
  if (!given.includes("price") && isEmpty(valueOf(row, "price")) && listed && listed.currency === currency) fields.price = listed;
  return fields;
}
