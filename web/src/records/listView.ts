import type { ListParams } from "~/api/queries";
import type { Condition, Field, ObjectDef } from "~/api/types";
import { quickFiltersOf, sortOf } from "./layouts";

/** What a table is narrowed to and sorted by; it stands in the address, so that a view can be kept or sent. */
export type ListView = {
  q?: string;
  sort?: string;
  mine?: boolean;
  /** Chosen options of the quick filters, by field. */
  quick?: Record<string, string[]>;
  filter?: Condition;
  /** Open the dialog for a new record. */
  create?: boolean;
};

/** Reads the view from the address; what does not belong is passed over. */
export function viewOfSearch(search: Record<string, unknown>): ListView {
  const view: ListView = {};
  if (typeof search.q === "string" || typeof search.q === "number") view.q = String(search.q);
  if (typeof search.sort === "string") view.sort = search.sort;
  if (search.mine === true) view.mine = true;
  if (search.create === true) view.create = true;
  if (isObject(search.filter)) view.filter = search.filter as Condition;
  if (isObject(search.quick)) {
    const quick = Object.entries(search.quick).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]) && entry[1].length > 0);
    if (quick.length > 0) view.quick = Object.fromEntries(quick);
  }
  return view;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** All that narrows the list, as one condition. */
export function conditionOf(object: ObjectDef, view: ListView): Condition | undefined {
  const parts: Condition[] = [];
  if (view.mine && object.owned) parts.push({ field: "owner", op: "is_me" });
  for (const field of quickFiltersOf(object)) {
    const chosen = view.quick?.[field.key];
    if (chosen?.length) parts.push({ field: field.key, op: "in", value: chosen });
  }
  if (view.filter) parts.push(view.filter);
  return parts.length > 1 ? { all: parts } : parts[0];
}

export function paramsOf(object: ObjectDef, view: ListView, columns: Field[]): ListParams {
  return {
    filter: conditionOf(object, view),
    q: view.q?.trim() || undefined,
    sort: view.sort ?? sortOf(object.key),
    fields: [...new Set([object.name_field, ...columns.map((column) => column.key)])],
    limit: 100,
    count: "exact",
  };
}

/** A click on a head: upwards, downwards, then as at first. */
export function nextSort(field: string, sort: string | undefined): string | undefined {
  if (sort === field) return `-${field}`;
  return sort === `-${field}` ? undefined : field;
}

export const isNarrowed = (view: ListView) => Boolean(view.q || view.mine || view.quick || view.filter);
