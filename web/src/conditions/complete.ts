import type { Condition } from "~/api/types";
import { VALUELESS } from "./operators";

const blank = (value: unknown): boolean => value === undefined || value === null || value === "" || (Array.isArray(value) && (value.length === 0 || value.some(blank)));

/** Whether every line has all its values: until then nobody need be asked about it. */
export function isComplete(condition: Condition | null | undefined): boolean {
  if (!condition) return true;
  if ("all" in condition) return condition.all.every(isComplete);
  if ("any" in condition) return condition.any.every(isComplete);
  if ("not" in condition) return isComplete(condition.not);
  if ("exists" in condition) return isComplete(condition.exists.where);
  return VALUELESS.has(condition.op) || !blank(condition.value);
}
