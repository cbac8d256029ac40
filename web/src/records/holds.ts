import type { Condition, Field, MoneyValue, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { valueTypeOf } from "~/fields/registry";
import { wallOfInstant } from "~/fields/wallTime";

/** What a condition is read on: the values of a form, saved or not. */
export type Draft = { values: Record<string, Value>; fields: Field[]; mainCurrency: string; timeZone: string };

/**
 * Whether a condition holds of what stands in the form; `undefined` where only the server can say: across references, over other
 * records, for periods of the organisation's calendar and amounts in other currencies. Blank values mean what they mean there: a test
 * of one is false, but "is not", "none of" and "does not contain" are true of it.
 */
export function holds(condition: Condition, draft: Draft): boolean | undefined {
  if ("all" in condition) {
    const parts = condition.all.map((part) => holds(part, draft));
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
  }
  if ("any" in condition) {
    const parts = condition.any.map((part) => holds(part, draft));
    return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
  }
  if ("not" in condition) {
    const inner = holds(condition.not, draft);
    return inner === undefined ? undefined : !inner;
  }
  if (!("field" in condition)) return undefined;
  const field = draft.fields.find((it) => it.key === condition.field);
  return field && row(field, condition.op, condition.value, draft);
}

/** The order of a field's value against a constant; `undefined` where it cannot be told here. */
type Order = (constant: unknown) => number | undefined;

function row(field: Field, op: string, constant: unknown, draft: Draft): boolean | undefined {
  const value = draft.values[field.key];
  const type = valueTypeOf(field);
  if (op === "is_empty") return isEmpty(value);
  if (op === "is_not_empty") return !isEmpty(value);
  if (type === "boolean") {
    if (op !== "eq" && op !== "ne") return undefined;
    return ((value === true) === (constant === true)) === (op === "eq");
  }
  if (type === "multi_select" || type === "references" || type === "attachment") {
    const wanted = Array.isArray(constant) ? constant : [constant];
    const any = Array.isArray(value) && value.some((key) => wanted.includes(key));
    if (op === "contains" || op === "in") return any;
    return op === "not_contains" || op === "not_in" ? !any : undefined;
  }
  const negative = op === "ne" || op === "not_in" || op === "not_contains";
  if (isEmpty(value)) return ["within", "in_department", "is_me", "my_department", "my_subordinates"].includes(op) ? false : negative;
  if (op === "contains" || op === "not_contains" || op === "starts_with" || op === "ends_with") {
    const text = fold(String(value));
    const part = fold(String(constant ?? ""));
    if (op === "starts_with") return text.startsWith(part);
    if (op === "ends_with") return text.endsWith(part);
    return text.includes(part) === (op === "contains");
  }
  const order = orderOf(type, value, draft);
  const test = (other: unknown, judge: (order: number) => boolean) => {
    const found = order(other);
    return found === undefined ? undefined : judge(found);
  };
  switch (op) {
    case "eq":
      return test(constant, (it) => it === 0);
    case "ne":
      return test(constant, (it) => it !== 0);
    case "lt":
      return test(constant, (it) => it < 0);
    case "le":
      return test(constant, (it) => it <= 0);
    case "gt":
      return test(constant, (it) => it > 0);
    case "ge":
      return test(constant, (it) => it >= 0);
    case "in":
    case "not_in": {
      if (!Array.isArray(constant)) return undefined;
      const found = constant.map((one) => order(one));
      if (found.includes(0)) return op === "in";
      return found.includes(undefined) ? undefined : op === "not_in";
    }
    case "between": {
      if (!Array.isArray(constant) || constant.length !== 2) return undefined;
      const [low, high] = [order(constant[0]), order(constant[1])];
      return low === undefined || high === undefined ? undefined : low >= 0 && high <= 0;
    }
    default:
      return undefined;
  }
}

function orderOf(type: ReturnType<typeof valueTypeOf>, value: Value, draft: Draft): Order {
  switch (type) {
    case "number":
    case "percent":
      return (other) => compareDecimals(value, other);
    case "currency":
      return (other) => {
        const money = value as MoneyValue;
        const constant = typeof other === "object" && other !== null ? (other as MoneyValue) : { amount: other, currency: draft.mainCurrency };
        return money.currency === constant.currency ? compareDecimals(money.amount, constant.amount) : undefined;
      };
    case "datetime":
      return (other) => {
        // A day means the whole of it, where the organisation is.
        if (typeof other === "string" && other.length === 10) return compareText(wallOfInstant(String(value), draft.timeZone).slice(0, 10), other);
        const [a, b] = [Date.parse(String(value)), Date.parse(String(other))];
        return Number.isNaN(a) || Number.isNaN(b) ? undefined : Math.sign(a - b);
      };
    case "select":
    case "date":
    case "auto_number":
    case "process":
      return (other) => compareText(String(value), String(other));
    case "reference":
    case "master":
    case "employee":
    case "department":
    case "regarding": {
      const id = (it: unknown) => (typeof it === "object" && it !== null ? String((it as { id?: unknown }).id) : String(it));
      return (other) => compareText(id(value), id(other));
    }
    default:
      return (other) => compareText(fold(String(value)), fold(String(other)));
  }
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Texts are compared without case, width and spare spaces. */
const fold = (text: string) => text.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ");

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)$/;
const MOST_DIGITS = 12;

/** Compares exact decimals as whole numbers of their smallest part, since a float would lose digits. */
function compareDecimals(a: unknown, b: unknown): number | undefined {
  const whole = (it: unknown) => {
    const [, sign, before, after] = DECIMAL.exec(String(it ?? "")) ?? [];
    if (before === undefined || after === undefined || before + after === "" || after.length > MOST_DIGITS) return undefined;
    const digits = BigInt(before + after.padEnd(MOST_DIGITS, "0"));
    return sign === "-" ? -digits : digits;
  };
  const [x, y] = [whole(a), whole(b)];
  return x === undefined || y === undefined ? undefined : x < y ? -1 : x > y ? 1 : 0;
}
