import { ApiProblem } from "~/api/http";
import { findingsOf, messageOf } from "~/api/problem";
import type { Violation } from "~/api/types";
import type { Findings } from "./Grid";

/** What a refusal says of each row, by its key: `rows[2].price` and `rows/2/price` are the price of the third that was sent. */
export function refusals(error: unknown, keys: string[]): { byRow: Findings; general: string[] } {
  if (!error) return { byRow: {}, general: [] };
  if (!(error instanceof ApiProblem) || error.violations.length === 0) return { byRow: {}, general: [messageOf(error)] };
  const byRow: Findings = {};
  const others: Violation[] = [];
  for (const violation of error.violations) {
    const [first, at, ...rest] = (violation.path ?? "").split(/[./[\]]/).filter(Boolean);
    const key = first === "rows" ? keys[Number(at)] : undefined;
    const field = rest.filter((part) => part !== "fields")[0];
    if (key === undefined) others.push(violation);
    else ((byRow[key] ??= {})[field ?? ""] ??= []).push(violation.message || violation.code);
  }
  return { byRow, general: findingsOf(others, []).general };
}
