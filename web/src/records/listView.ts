import type { ListParams } from "~/api/queries";
import type { Condition, Field, ObjectDef, Value } from "~/api/types";
import type { View, Views } from "~/api/views";
import { isMap, valueKindOf } from "~/conditions/operators";
import { sameValue } from "~/fields/draft";
import { columnsOf, quickFiltersOf, sortOf } from "./layouts";
import { en, zh } from "./texts";

/**
 * What a table shows, as it stands in the address, so that it can be kept or sent. Over a chosen view it holds only what differs;
 * `null` then takes away what the view has.
 */
export type ListView = {
  /** The chosen view; `all` for none where there is one to begin with. */
  view?: string;
  q?: string;
  sort?: string;
  mine?: boolean;
  /** Chosen options of the quick filters, by field. */
  quick?: Record<string, string[]>;
  filter?: Condition | null;
  /** Columns beside the name, in order. */
  columns?: string[];
  group?: string | null;
  /** The recycle bin instead of what is in use. */
  bin?: boolean;
  /** Open the dialog for a new record. */
  create?: boolean;
};

export const ALL = "all";

/** Reads the view from the address; what does not belong is passed over. */
export function viewOfSearch(search: Record<string, unknown>): ListView {
  const view: ListView = {};
  if (typeof search.view === "string" && search.view) view.view = search.view;
  if (typeof search.q === "string" || typeof search.q === "number") view.q = String(search.q);
  if (typeof search.sort === "string") view.sort = search.sort;
  if (search.mine === true) view.mine = true;
  if (search.create === true) view.create = true;
  if (search.bin === true) view.bin = true;
  if (isMap(search.filter)) view.filter = search.filter as Condition;
  if (search.filter === null) view.filter = null;
  if (typeof search.group === "string" || search.group === null) view.group = search.group;
  if (Array.isArray(search.columns) && search.columns.every((key) => typeof key === "string")) view.columns = search.columns;
  if (isMap(search.quick)) {
    const quick = Object.entries(search.quick).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]) && entry[1].length > 0);
    if (quick.length > 0) view.quick = Object.fromEntries(quick);
  }
  return view;
}

/** The view that the address means. An address that says nothing means the one that people of one's role begin with. */
export function chosenView(asked: ListView, views: Views | undefined): View | undefined {
  const untouched = Object.keys(asked).every((key) => key === "create");
  const id = asked.view ?? (untouched ? views?.default : undefined);
  return views?.items.find((view) => view.id === id);
}

/** What is shown: the view with all that differs from it. */
export type Shown = { filter?: Condition; sort?: string; columns?: string[]; group?: string };

export function shownBy(asked: ListView, view: View | undefined): Shown {
  const shown: Shown = {};
  const filter = asked.filter === undefined ? view?.filter : asked.filter;
  const sort = asked.sort ?? view?.sort;
  const columns = asked.columns ?? view?.columns;
  const group = asked.group === undefined ? view?.group : asked.group;
  if (filter) shown.filter = filter;
  if (sort) shown.sort = sort;
  if (columns?.length) shown.columns = columns;
  if (group) shown.group = group;
  return shown;
}

/** What narrows the list besides the chosen view. */
function narrowing(object: ObjectDef, asked: ListView): Condition[] {
  const parts: Condition[] = [];
  if (asked.mine && object.owned) parts.push({ field: "owner", op: "is_me" });
  for (const field of quickFiltersOf(object)) {
    const chosen = asked.quick?.[field.key];
    if (chosen?.length) parts.push({ field: field.key, op: "in", value: chosen });
  }
  return parts;
}

const joined = (parts: Condition[]): Condition | undefined => (parts.length > 1 ? { all: parts } : parts[0]);

/** All that narrows the list, as one condition. */
export function conditionOf(object: ObjectDef, asked: ListView, view?: View): Condition | undefined {
  const { filter } = shownBy(asked, view);
  return joined([...narrowing(object, asked), ...(filter ? [filter] : [])]);
}

/**
 * The same for the server. A view's own filter is named by the view's id, since "this week" in a private view is the reader's; once it has
 * been changed, it is a filter like any other.
 */
export function questionOf(object: ObjectDef, asked: ListView, view?: View): Pick<ListParams, "view" | "filter" | "q"> {
  const named = view?.filter && asked.filter === undefined ? view.id : undefined;
  return { view: named, filter: named ? joined(narrowing(object, asked)) : conditionOf(object, asked, view), q: asked.q?.trim() || undefined };
}

/** Whether what is shown differs from the view, or without one from how the object's table begins. */
export function isChanged(object: ObjectDef, asked: ListView, view: View | undefined): boolean {
  const narrowed = conditionOf(object, asked, view);
  const shown = shownBy(asked, view);
  const begins = shownBy({}, view);
  return !sameValue(narrowed as Value, begins.filter as unknown as Value) || shown.sort !== begins.sort || shown.group !== begins.group || !sameValue(shown.columns, begins.columns);
}

/** The address after a change: what equals the view again needs no mention, what it has and is not wanted is said. */
export function withChange(asked: ListView, view: View | undefined, change: Partial<ListView>): ListView {
  const next: ListView = { ...asked, ...change };
  if (view) {
    next.view = view.id;
    if ("filter" in change && change.filter === undefined && view.filter) next.filter = null;
    if ("group" in change && change.group === undefined && view.group) next.group = null;
    if (next.filter && sameValue(next.filter as unknown as Value, view.filter as unknown as Value)) next.filter = undefined;
    if (next.group === (view.group ?? null)) next.group = undefined;
    if (next.sort === view.sort) next.sort = undefined;
    if (next.columns && sameValue(next.columns, view.columns)) next.columns = undefined;
  } else {
    next.filter ??= undefined;
    next.group ??= undefined;
  }
  return next;
}

export function paramsOf(object: ObjectDef, asked: ListView, columns: Field[], view?: View): ListParams {
  return {
    ...questionOf(object, asked, view),
    sort: shownBy(asked, view).sort ?? (asked.bin ? BIN_SORT : sortOf(object.key)),
    voided: asked.bin ? "only" : undefined,
    fields: [...new Set([object.name_field, ...columns.map((column) => column.key), ...(marksOverdue(object, columns) ? ["overdue"] : [])])],
    limit: 100,
    count: "exact",
  };
}

/** Fields from which it follows whether a deal has stood in its stage for too long; who may not know of one does not ask. */
const OVERDUE_FROM = ["stage", "stage_due_at", "closed_at"];

/** Where the stage is shown, it is marked as overdue. */
function marksOverdue(object: ObjectDef, columns: Field[]): boolean {
  const led = object.fields.some((field) => field.type === "process");
  return led && columns.some((column) => column.key === "stage") && OVERDUE_FROM.every((key) => object.fields.some((field) => field.key === key));
}

/** What was voided last comes first. */
const BIN_SORT = "-updated_at";
const VOIDED: Record<string, "voidedAt" | "voidedBy"> = { updated_at: "voidedAt", updated_by: "voidedBy" };

/** The columns of the recycle bin: when and by whom, then as at first. What lies there is changed no more, so its last change put it there. */
export function binColumns(object: ObjectDef): Field[] {
  const voided = object.fields.flatMap((field) => {
    const key = VOIDED[field.key];
    return key ? [{ ...field, label: { en: en[key], "zh-CN": zh[key] } }] : [];
  });
  return [...voided, ...columnsOf(object).filter((field) => !(field.key in VOIDED))];
}

/** The columns beside the name; fields that have gone since are left out. */
export function columnsShown(object: ObjectDef, keys: string[] | null | undefined): Field[] {
  return keys?.length ? keys.map((key) => object.fields.find((field) => field.key === key)).filter((field): field is Field => Boolean(field)) : columnsOf(object);
}

/** A click on a head: upwards, downwards, then as at first. */
export function nextSort(field: string, sort: string | undefined): string | undefined {
  if (sort === field) return `-${field}`;
  return sort === `-${field}` ? undefined : field;
}

export const isNarrowed = (asked: ListView, view?: View) => Boolean(asked.q || asked.mine || asked.quick || shownBy(asked, view).filter);

const GROUPED = new Set(["select", "boolean", "employee", "department", "record", "process", "text", "date"]);

/** Fields by which a list can be grouped: those of which many records share a value. */
export const groupFields = (object: ObjectDef): Field[] => object.fields.filter((field) => field.sortable && field.filterable && !field.unique && field.key !== object.name_field && GROUPED.has(valueKindOf(field)));

/** The condition of one group's rows. */
export function conditionOfGroup(field: Field, value: Value): Condition {
  if (value === null || value === undefined || value === "") return { field: field.key, op: "is_empty" };
  return { field: field.key, op: "eq", value };
}

export const both = (a: Condition | undefined, b: Condition): Condition => (a ? { all: [a, b] } : b);

/** Columns of which a group has a sum. Rates are not summed. */
export const summable = (columns: Field[]): string[] => columns.filter((field) => ["money", "number"].includes(valueKindOf(field)) && field.type !== "percent" && (field as { result?: string }).result !== "percent").map((field) => field.key);
