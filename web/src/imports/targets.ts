import type { ImportOptions } from "~/api/imports";
import type { Field, ObjectDef } from "~/api/types";
import { asTarget, targetsOf } from "./draft";

// In which an imported record's past is told.
const PAST = ["created_at", "stage_entered_at", "closed_at"];
const UNFILLED = ["auto_number", "calculated", "statistical", "attachment"];

/** The fields that one may fill by an import: those that one may write, the owner, and with history those of the past. */
export function fillable(object: ObjectDef | undefined, history: boolean): Field[] {
  return (object?.fields ?? []).filter(
    (field) => field.key === "owner" || (history && PAST.includes(field.key)) || (field.access === "write" && !field.read_only && !field.system && !UNFILLED.includes(field.type)),
  );
}

/** Its values are names of records. */
export const isReference = (field: Field | undefined) => field !== undefined && ["reference", "references", "master", "employee", "department", "process"].includes(field.type);
/** The records that its values name. */
export const targetObject = (field: Field): string | undefined => (field.type === "employee" ? "employee" : field.type === "department" ? "department" : (field.object ?? undefined));
/** Its values are of a list. */
export const isChoice = (field: Field | undefined) => field !== undefined && (field.type === "select" || field.type === "multi_select");

/** How many columns and fixed values fill a field, and how many columns are left out. */
export function mappedCounts(columns: { name: string }[], options: ImportOptions): { filled: number; left: number } {
  const used = columns.filter((column) => isUsed(column.name, options));
  return { filled: used.length, left: columns.length - used.length };
}

/** A column that fills a field, or by which rows are told apart. */
export const isUsed = (column: string, options: ImportOptions) => targetsOf(options.mapping?.[column]).length > 0 || options.keys?.external_column === column || amountsOf(column, options) !== undefined;

/** The column of amounts whose currency a column tells. */
export const amountsOf = (column: string, options: ImportOptions) => Object.entries(options.formats ?? {}).find(([amounts, format]) => format.currency === column && targetsOf(options.mapping?.[amounts]).length > 0)?.[0];

/** The key of rows as one choice: `field:email`, `column:id`, or nothing. */
export const keyOf = (options: ImportOptions): string | null =>
  options.keys?.external_column ? `column:${options.keys.external_column}` : options.keys?.field ? `field:${options.keys.field}` : null;

/** The column that tells in which stage of its process a record stands. */
export function stageColumn(object: ObjectDef, options: ImportOptions): string | undefined {
  if (!object.fields.some((field) => field.type === "process")) return undefined;
  return Object.entries(options.mapping ?? {}).find(([, target]) => targetsOf(target).includes("stage"))?.[0];
}

/** With the past of the records or without it: what tells it fills nothing then. */
export function withPast(options: ImportOptions, history: boolean): Partial<ImportOptions> {
  if (history) return { history };
  const mapping = Object.fromEntries(Object.entries(options.mapping ?? {}).map(([column, target]) => [column, asTarget(targetsOf(target).filter((key) => !PAST.includes(key)))]));
  return { history, before_close: null, mapping };
}
