import type { Condition, Field, Operator } from "~/api/types";

export type Row = Extract<Condition, { field: string }>;

/** What a field's values are for a condition: types that are compared in the same way are one kind. */
export type ValueKind =
  | "text" | "long_text" | "auto_number" | "select" | "multi_select" | "process" | "number" | "money" | "boolean" | "date" | "datetime"
  | "employee" | "department" | "record" | "records" | "regarding" | "other";

const BY_TYPE: Record<string, ValueKind> = {
  text: "text", email: "text", phone: "text", url: "text", long_text: "long_text", auto_number: "auto_number", select: "select", multi_select: "multi_select",
  process: "process", number: "number", percent: "number", currency: "money", boolean: "boolean", date: "date", datetime: "datetime",
  employee: "employee", department: "department", reference: "record", references: "records", master: "record", regarding: "regarding",
};

/** A field that is reckoned is compared as what it comes to. */
export function valueKindOf(field: Field): ValueKind {
  const result = (field as { result?: string | null }).result;
  return BY_TYPE[field.type] ?? (result ? BY_TYPE[result] : undefined) ?? "other";
}

const EMPTY: Operator[] = ["is_not_empty", "is_empty"];
const ONE: Operator[] = ["eq", "ne"];
const MANY: Operator[] = ["in", "not_in"];
const ORDER: Operator[] = ["lt", "le", "gt", "ge", "between"];
const WORDS: Operator[] = ["contains", "not_contains", "starts_with", "ends_with"];

const OPERATORS: Record<ValueKind, Operator[]> = {
  text: [...EMPTY, ...ONE, ...WORDS, ...MANY],
  long_text: [...EMPTY, "contains", "not_contains"],
  auto_number: [...EMPTY, ...ONE, ...MANY],
  select: [...EMPTY, ...ONE, ...MANY],
  multi_select: [...EMPTY, "contains", "not_contains"],
  process: [...EMPTY, ...ONE, ...MANY],
  number: [...EMPTY, ...ONE, ...ORDER, ...MANY],
  money: [...EMPTY, ...ONE, ...ORDER],
  boolean: ["eq"],
  date: [...EMPTY, "within", ...ONE, ...ORDER],
  // A moment is compared with whole days, for which "is not" and lists have no meaning.
  datetime: [...EMPTY, "within", "eq", ...ORDER],
  employee: [...EMPTY, ...ONE, ...MANY, "is_me", "my_subordinates"],
  department: [...EMPTY, "in_department", ...ONE, ...MANY, "my_department"],
  record: [...EMPTY, ...ONE, ...MANY],
  records: [...EMPTY, "contains", "not_contains"],
  regarding: [...EMPTY, ...ONE],
  other: EMPTY,
};

const CHANGES: Operator[] = ["changed", "changed_from", "changed_to"];
// Whether it changes is asked of these as a whole; their values are not compared with one.
const WHOLE: ReadonlySet<ValueKind> = new Set(["long_text", "multi_select", "records", "other"]);

/** The operators that are offered for a field; `judgesChange` where a change of the record itself is judged. */
export function operatorsOf(field: Field, judgesChange = false): Operator[] {
  const kind = valueKindOf(field);
  if (!judgesChange) return OPERATORS[kind];
  return [...OPERATORS[kind], ...(WHOLE.has(kind) ? (["changed"] as Operator[]) : CHANGES)];
}

/** What they say changes without a save: with the day, or with who reads. */
export const PASSING: ReadonlySet<Operator> = new Set(["within", "is_me", "my_department", "my_subordinates"]);

/** Operators that stand alone. */
export const VALUELESS: ReadonlySet<Operator> = new Set(["is_empty", "is_not_empty", "is_me", "my_department", "my_subordinates", "changed"]);

export const PERIODS = [
  "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
  "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year", "last_n_days", "next_n_days", "past",
] as const;
export type PeriodName = (typeof PERIODS)[number];
export type Period = { name: PeriodName; n?: number };

export const isCounted = (name: PeriodName) => name === "last_n_days" || name === "next_n_days";

/** A period as it is stored, `"this_week"` or `{name: "last_n_days", n: 7}`; `undefined` where it is none. */
export function periodOf(value: unknown): Period | undefined {
  const map = isMap(value) ? value : { name: value };
  if (Object.keys(map).some((key) => key !== "name" && key !== "n")) return undefined;
  const { name, n } = map as { name?: unknown; n?: unknown };
  if (!PERIODS.includes(name as PeriodName) || (n !== undefined && typeof n !== "number")) return undefined;
  return { name: name as PeriodName, n };
}

export function storedPeriod({ name, n }: Period): unknown {
  return isCounted(name) ? { name, n: n ?? 7 } : name;
}

export const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** The id in `"<id>"` or `{"id": "<id>", …}`. */
export function idOf(value: unknown): string | null {
  if (typeof value === "string") return value || null;
  return isMap(value) && typeof value.id === "string" ? value.id : null;
}

/** How many values an operator takes. */
export type Arity = "none" | "one" | "two" | "many" | "period" | "tree";

export function arityOf(kind: ValueKind, op: Operator): Arity {
  if (VALUELESS.has(op)) return "none";
  if (op === "between") return "two";
  if (op === "within") return "period";
  if (op === "in_department") return "tree";
  if (op === "in" || op === "not_in" || kind === "multi_select" || kind === "records") return "many";
  return "one";
}

const isBlank = (value: unknown) => value === undefined || value === null;

function fitsOne(kind: ValueKind, value: unknown): boolean {
  if (isBlank(value)) return true;
  switch (kind) {
    case "money":
      return typeof value === "string" || typeof value === "number" || (isMap(value) && Object.keys(value).every((key) => key === "amount" || key === "currency"));
    case "number":
      return typeof value === "string" || typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "employee":
    case "department":
    case "record":
      return typeof value === "string" || (idOf(value) !== null && isMap(value) && Object.keys(value).length === 1);
    case "regarding":
      return isMap(value) && typeof value.object === "string" && idOf(value) !== null;
    case "other":
      return false;
    default:
      return typeof value === "string";
  }
}

/** Whether the inputs of the editor can show a row's value without losing any of it. */
export function isDrawable(field: Field, row: Row): boolean {
  const kind = valueKindOf(field);
  const { value } = row;
  switch (arityOf(kind, row.op)) {
    case "none":
      return isBlank(value);
    case "one":
      return fitsOne(kind, value);
    case "two":
      return isBlank(value) || (Array.isArray(value) && value.length === 2 && value.every((end) => fitsOne(kind, end)));
    case "many":
      if ((kind === "multi_select" || kind === "records") && typeof value === "string") return true;
      return isBlank(value) || (Array.isArray(value) && value.every((one) => !isBlank(one) && fitsOne(kind === "multi_select" ? "select" : kind === "records" ? "record" : kind, one)));
    case "period":
      return isBlank(value) || periodOf(value) !== undefined;
    case "tree":
      return isBlank(value) || (idOf(value) !== null && (!isMap(value) || Object.keys(value).every((key) => key === "id" || key === "with_sub")));
  }
}

/** A row on a field as it begins. */
export function newRow(path: string, field: Field): Row {
  const op = operatorsOf(field)[0] ?? "is_not_empty";
  return valueKindOf(field) === "boolean" ? { field: path, op, value: true } : VALUELESS.has(op) ? { field: path, op } : { field: path, op, value: undefined };
}

/** The row after its operator changed: what has been given already is kept as far as it still has a meaning. */
export function withOperator(field: Field, row: Row, op: Operator): Row {
  const kind = valueKindOf(field);
  const [before, after] = [arityOf(kind, row.op), arityOf(kind, op)];
  if (after === "none") return { field: row.field, op };
  if (before === after) return { ...row, op };
  const list = Array.isArray(row.value) ? row.value : undefined;
  const one = list ? list[0] : before === "tree" ? (idOf(row.value) ?? undefined) : before === "period" ? undefined : row.value;
  const value =
    after === "period" ? "this_month" : after === "many" ? (list ?? (isBlank(one) ? [] : [one])) : after === "two" ? [list?.[0] ?? one ?? null, list?.[1] ?? null] : after === "tree" ? (idOf(one) ?? undefined) : one;
  return { field: row.field, op, value };
}
