import type { HoldingRuleDocument } from "~/api/holdings";
import { isComplete } from "~/conditions/complete";

/** Whether enough is said that the server can tell what it would do. */
export function isJudgeable({ subject, counts, limit }: HoldingRuleDocument): boolean {
  if (subject.kind === "employees" ? !isComplete(subject.condition) : subject.ids.length === 0) return false;
  if (!isComplete(counts)) return false;
  return limit.kind === "variable" ? limit.field !== "" : Number.isInteger(limit.number) && limit.number >= 0;
}
