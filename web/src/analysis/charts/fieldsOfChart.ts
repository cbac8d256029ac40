import type { ChartDocument, TimeStep } from "~/api/charts";
import type { Field, ObjectDef } from "~/api/types";
import { valueKindOf } from "~/conditions/operators";

export const TIME_STEPS: TimeStep[] = ["day", "week", "month", "quarter", "year"];

const MEASURED = new Set(["number", "money"]);
const DIVIDING = new Set(["select", "boolean", "employee", "department", "record", "process", "date", "datetime", "text"]);

export const isTime = (field: Field): boolean => ["date", "datetime"].includes(valueKindOf(field));

/** Fields that can be added up. */
export const measurable = (object: ObjectDef): Field[] => object.fields.filter((field) => field.filterable && MEASURED.has(valueKindOf(field)));

/** Fields by which records can be divided: those of which many share a value. */
export const divisible = (object: ObjectDef): Field[] => object.fields.filter((field) => field.filterable && !field.unique && field.key !== object.name_field && DIVIDING.has(valueKindOf(field)));

const STACKED = ["column", "bar", "line", "table"];

/** The chart without what its type has no place for. */
export function tidied(chart: ChartDocument, object: ObjectDef | undefined): ChartDocument {
  const next = { ...chart };
  if (next.measure.kind === "count") next.measure = { kind: "count" };
  if (next.chart_type === "number") {
    next.group = undefined;
    next.sort = undefined;
    next.most = undefined;
  } else if (!next.group && object) {
    const field = divisible(object)[0];
    next.group = field && { field: field.key, ...(isTime(field) ? { by: "month" as const } : {}) };
  }
  if (!STACKED.includes(next.chart_type) || !next.group) next.series = undefined;
  return next;
}
