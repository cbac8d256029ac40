import type { Condition, FieldType, Operator } from "~/api/types";

/** One line of the editor. A condition that the rows cannot draw (nested groups, `not`, `exists`) is carried along whole. */
export type ConditionRow =
  | { kind: "compare"; field: string; op: Operator; value: unknown }
  | { kind: "kept"; condition: Condition };

/** What the editor shows: rows joined by all or any. */
export interface ConditionRows {
  join: "all" | "any";
  rows: ConditionRow[];
}

// Their values are ranges and periods, for which the rows have no drawing.
const UNDRAWN: ReadonlySet<Operator> = new Set(["between", "within", "in_department"]);

function rowOf(condition: Condition): ConditionRow {
  return "field" in condition && !UNDRAWN.has(condition.op)
    ? { kind: "compare", field: condition.field, op: condition.op, value: condition.value }
    : { kind: "kept", condition };
}

/** A stored condition as rows; nothing it says is lost. */
export function rowsOfCondition(condition: Condition | null | undefined): ConditionRows {
  if (!condition) return { join: "all", rows: [] };
  if ("all" in condition) return { join: "all", rows: condition.all.map(rowOf) };
  if ("any" in condition) return { join: "any", rows: condition.any.map(rowOf) };
  return { join: "all", rows: [rowOf(condition)] };
}

/** Operators that stand alone. */
export const VALUELESS: ReadonlySet<Operator> = new Set(["is_empty", "is_not_empty", "is_me", "my_department", "my_subordinates"]);

/** Back from rows. No row means no condition; a row without a field yet is left out. */
export function conditionOfRows({ join, rows }: ConditionRows): Condition | undefined {
  const parts = rows.flatMap((row): Condition[] => {
    if (row.kind === "kept") return [row.condition];
    if (!row.field) return [];
    return [VALUELESS.has(row.op) ? { field: row.field, op: row.op } : { field: row.field, op: row.op, value: row.value }];
  });
  if (parts.length === 0) return undefined;
  return join === "all" ? { all: parts } : { any: parts };
}

const TEXT: Operator[] = ["is_not_empty", "is_empty", "eq", "ne", "contains", "not_contains", "starts_with", "ends_with"];
const ORDERED: Operator[] = ["is_not_empty", "is_empty", "eq", "ne", "lt", "le", "gt", "ge"];
const CHOICE: Operator[] = ["is_not_empty", "is_empty", "eq", "ne", "in", "not_in"];
const LINK: Operator[] = ["is_not_empty", "is_empty", "eq", "ne"];

/** The operators that the editor offers for a type of field. */
export function operatorsOf(type: FieldType): Operator[] {
  switch (type) {
    case "number":
    case "currency":
    case "percent":
    case "date":
    case "datetime":
      return ORDERED;
    case "boolean":
      return ["eq"];
    case "select":
      return CHOICE;
    case "multi_select":
      return ["is_not_empty", "is_empty", "contains", "not_contains"];
    case "employee":
      return [...LINK, "is_me", "my_subordinates"];
    case "department":
      return [...LINK, "my_department"];
    case "reference":
    case "master":
      return LINK;
    case "regarding":
      return ["is_not_empty", "is_empty"];
    default:
      return TEXT;
  }
}

/** The row after its operator changed: a list of values and a single one do not stand for each other. */
export function withOperator(row: Extract<ConditionRow, { kind: "compare" }>, op: Operator): ConditionRow {
  const manyBefore = row.op === "in" || row.op === "not_in";
  const manyAfter = op === "in" || op === "not_in";
  let value = row.value;
  if (VALUELESS.has(op)) value = undefined;
  else if (manyAfter && !manyBefore) value = value === undefined || value === null ? [] : [value];
  else if (manyBefore && !manyAfter) value = Array.isArray(value) ? value[0] : undefined;
  return { ...row, op, value };
}
