import type { RowWanted } from "~/api/stageTasks";
import type { Rec, Refs, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { scaled } from "~/fields/decimals";
import { sameValue } from "~/fields/draft";

/** A row of the grid: one that is there already, or a new one. */
export type GridRow = {
  key: string;
  id?: string;
  version?: number;
  /** As it was when the grid was opened. */
  base: Record<string, Value>;
  draft: Record<string, Value>;
  refs?: Refs;
  removed: boolean;
  /** What was pasted into a cell and could not be read as its value. */
  unread: Record<string, string>;
  /** It is only read: one may not change it, or it follows from others. */
  frozen?: boolean;
  /** What holds where a cell is empty, as text. */
  hints?: Record<string, string>;
};

export const rowOf = (record: Rec): GridRow => ({ key: record.id, id: record.id, version: record.version, base: record.fields, draft: {}, refs: record.refs, removed: false, unread: {} });

export const newRow = (key: string, start: Record<string, Value>): GridRow => ({ key, base: start, draft: {}, removed: false, unread: {} });

export const valueOf = (row: GridRow, field: string): Value => (field in row.draft ? row.draft[field] : row.base[field]);

/** What is written into a row at once: values, names of what they refer to, and texts that could not be read. */
export type Written = { fields: Record<string, Value>; refs?: Refs; unread?: Record<string, string> };

/** A row with what is written into it; a cell that is written is no longer one that could not be read. */
export function written(row: GridRow, { fields, refs, unread }: Written): GridRow {
  const kept = Object.fromEntries(Object.entries(row.unread).filter(([key]) => !(key in fields)));
  const draft = { ...row.draft };
  for (const [key, value] of Object.entries(fields)) draft[key] = value ?? null;
  return { ...row, draft, refs: refs ? { ...row.refs, ...refs } : row.refs, unread: { ...kept, ...unread } };
}

export const withRow = (rows: GridRow[], key: string, what: Written): GridRow[] => rows.map((row) => (row.key === key ? written(row, what) : row));

export const withCell = (rows: GridRow[], key: string, field: string, value: Value, unread?: string): GridRow[] => withRow(rows, key, { fields: { [field]: value }, unread: unread === undefined ? undefined : { [field]: unread } });

export const inserted = (rows: GridRow[], at: number, row: GridRow): GridRow[] => [...rows.slice(0, at), row, ...rows.slice(at)];

/** The row at another place, as far as there is one. */
export function moved(rows: GridRow[], key: string, to: number): GridRow[] {
  const from = rows.findIndex((row) => row.key === key);
  const place = Math.max(0, Math.min(to, rows.length - 1));
  if (from < 0 || place === from) return rows;
  const others = rows.filter((row) => row.key !== key);
  return inserted(others, place, rows[from]!);
}

/** A new row is taken away, one that is there is marked, and unmarked with the next press. */
export function removed(rows: GridRow[], key: string): GridRow[] {
  return rows.flatMap((row) => (row.key !== key ? [row] : row.id ? [{ ...row, removed: !row.removed }] : []));
}

const MOST_DIGITS = 10;
const figureOf = (value: Value): string | undefined => {
  const [text, unit] = value && typeof value === "object" && "amount" in value ? [value.amount, value.currency] : [value, ""];
  const figure = scaled(text, MOST_DIGITS);
  return figure === undefined ? undefined : `${figure} ${unit}`;
};

/** The same value, whichever way its figure is written: `12.5` and `12.50`. */
export const isSame = (a: Value, b: Value): boolean => sameValue(a, b) || (isEmpty(a) && isEmpty(b)) || (figureOf(a) !== undefined && figureOf(a) === figureOf(b));

/** What differs from what the row began with. */
export const changesOf = (row: GridRow) => Object.fromEntries(Object.entries(row.draft).filter(([key, value]) => !isSame(value, row.base[key])));

/** A new row into which nobody has written is none. */
export const isBlank = (row: GridRow) => row.id === undefined && Object.keys(row.unread).length === 0 && Object.entries(changesOf(row)).every(([, value]) => isEmpty(value));

/** How many rows there would be. */
export const countOf = (rows: GridRow[]) => rows.filter((row) => !row.removed && !isBlank(row)).length;

/** What is sent, and the key of the row that each entry comes from, so that a refusal finds its cell. `sendable` says which fields are. */
export function wantedOf(rows: GridRow[], sendable: (field: string) => boolean = () => true): { wanted: RowWanted[]; keys: string[] } {
  const some = (fields: Record<string, Value>) => Object.fromEntries(Object.entries(fields).filter(([key]) => sendable(key)));
  const sent = rows.flatMap((row): { key: string; row: RowWanted }[] => {
    const { key, id, version } = row;
    if (id && row.removed) return [{ key, row: { id, version, delete: true } }];
    if (isBlank(row)) return [];
    const changes = some(changesOf(row));
    if (id) return Object.keys(changes).length > 0 ? [{ key, row: { id, version, fields: changes } }] : [];
    return [{ key, row: { fields: Object.fromEntries(Object.entries(some({ ...row.base, ...row.draft })).filter(([, value]) => !isEmpty(value))) } }];
  });
  return { wanted: sent.map((one) => one.row), keys: sent.map((one) => one.key) };
}

export const hasUnread = (rows: GridRow[]) => rows.some((row) => !row.removed && Object.keys(row.unread).length > 0);

/** Whether anything would be sent. */
export const isChanged = (rows: GridRow[]) => rows.some((row) => Object.keys(row.unread).length > 0 || (row.id !== undefined ? row.removed || Object.keys(changesOf(row)).length > 0 : !isBlank(row)));
