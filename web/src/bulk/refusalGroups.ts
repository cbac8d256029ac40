import type { BulkResult } from "~/api/bulk";
import { fieldOfPath } from "~/api/problem";

/** Records that one and the same thing stands in the way of. */
export type RefusalGroup = {
  message: string;
  code: string;
  /** Where it is a field that may be filled for all of them. */
  field?: string;
  results: BulkResult[];
};

const FILLED_IN = /^(stage\.missing_field|stage\.terminal_action|field\.required)/;

/** Refused records by what stands in their way, the most frequent first; one with several reasons is in each of them. */
export function refusalGroups(results: BulkResult[], word: (result: BulkResult) => string[]): RefusalGroup[] {
  const groups = new Map<string, RefusalGroup>();
  const put = (message: string, code: string, field: string | undefined, result: BulkResult) => {
    const group = groups.get(message) ?? { message, code, field, results: [] };
    if (!group.results.includes(result)) group.results.push(result);
    groups.set(message, group);
  };
  for (const result of results.filter((one) => one.result === "refused")) {
    const violations = result.violations ?? [];
    for (const violation of violations) {
      const field = FILLED_IN.test(violation.code) && typeof violation.params?.object !== "string" ? fieldOfPath(violation.path) : undefined;
      put(violation.message || violation.code, violation.code, field, result);
    }
    if (violations.length === 0) for (const message of word(result)) put(message, result.code ?? "", undefined, result);
  }
  return [...groups.values()].sort((a, b) => b.results.length - a.results.length);
}

/** Fields which would be asked of each of them, and can be given for all at once. */
export const fieldsForAll = (groups: RefusalGroup[]): string[] => [...new Set(groups.flatMap((group) => group.field ?? []))];

/** Whether somewhere a reason is missing. */
export const asksReason = (groups: RefusalGroup[]): boolean => groups.some((group) => group.code === "stage.reason_required");
