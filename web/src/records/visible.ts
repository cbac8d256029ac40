import type { Condition, Field, Rec, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";

/**
 * Whether a field has a place on the screen now. Only the plainest conditions are read here, to fold away what does not
 * concern a record; whatever cannot be read is shown, and the server decides what is required.
 */
export function isVisible(field: Field, values: Record<string, Value>): boolean {
  return !field.visible_when || !isEmpty(values[field.key]) || holds(field.visible_when, values) !== false;
}

function holds(condition: Condition, values: Record<string, Value>): boolean | undefined {
  if ("all" in condition) return condition.all.some((part) => holds(part, values) === false) ? false : undefined;
  if ("any" in condition) return condition.any.every((part) => holds(part, values) === false) ? false : undefined;
  if (!("field" in condition) || condition.field.includes(".")) return undefined;
  if (condition.op === "eq") return values[condition.field] === condition.value;
  if (condition.op === "in" && Array.isArray(condition.value)) return condition.value.includes(values[condition.field]);
  return undefined;
}

export const visibleFields = (fields: Field[], record: Rec) => fields.filter((field) => isVisible(field, record.fields));
