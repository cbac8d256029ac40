import type { RowWanted } from "~/api/stageTasks";
import type { Field, ObjectDef, Rec, Refs, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { editableFields, sameValue } from "~/fields/draft";

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
};

/** Columns of the grid: what one may fill in, without what leads to the deal. */
export function columnsOf(object: ObjectDef, link: string | undefined): Field[] {
  return editableFields(object.fields, "create", object.key).filter((field) => field.key !== link && field.type !== "master" && field.type !== "attachment" && field.type !== "long_text");
}

export const rowOf = (record: Rec): GridRow => ({ key: record.id, id: record.id, version: record.version, base: record.fields, draft: {}, refs: record.refs, removed: false, unread: {} });

export const newRow = (key: string, start: Record<string, Value>): GridRow => ({ key, base: start, draft: {}, removed: false, unread: {} });

export const valueOf = (row: GridRow, field: string): Value => (field in row.draft ? row.draft[field] : row.base[field]);

export function withCell(rows: GridRow[], key: string, field: string, value: Value, unread?: string): GridRow[] {
  return rows.map((row) => {
    if (row.key !== key) return row;
    const { [field]: _, ...rest } = row.unread;
    return { ...row, draft: { ...row.draft, [field]: value ?? null }, unread: unread === undefined ? rest : { ...rest, [field]: unread } };
  });
}

/** A new row is taken away, one that is there is marked, and unmarked with the next press. */
export function removed(rows: GridRow[], key: string): GridRow[] {
  return rows.flatMap((row) => (row.key !== key ? [row] : row.id ? [{ ...row, removed: !row.removed }] : []));
}

const changesOf = (row: GridRow) => Object.fromEntries(Object.entries(row.draft).filter(([key, value]) => !sameValue(value, row.base[key])));

/** A new row into which nobody has written is none. */
export const isBlank = (row: GridRow) => row.id === undefined && Object.keys(row.unread).length === 0 && Object.entries(changesOf(row)).every(([, value]) => isEmpty(value));

/** How many rows there would be. */
export const countOf = (rows: GridRow[]) => rows.filter((row) => !row.removed && !isBlank(row)).length;

/** What is sent, and the key of the row that each entry comes from, so that a refusal finds its cell. */
export function wantedOf(rows: GridRow[]): { wanted: RowWanted[]; keys: string[] } {
  const sent = rows.flatMap((row): { key: string; row: RowWanted }[] => {
    const { key, id, version } = row;
    if (id && row.removed) return [{ key, row: { id, version, delete: true } }];
    const changes = changesOf(row);
    if (id) return Object.keys(changes).length > 0 ? [{ key, row: { id, version, fields: changes } }] : [];
    if (isBlank(row)) return [];
    return [{ key, row: { fields: Object.fromEntries(Object.entries({ ...row.base, ...row.draft }).filter(([, value]) => !isEmpty(value))) } }];
  });
  return { wanted: sent.map((one) => one.row), keys: sent.map((one) => one.key) };
}

export const hasUnread = (rows: GridRow[]) => rows.some((row) => !row.removed && Object.keys(row.unread).length > 0);
