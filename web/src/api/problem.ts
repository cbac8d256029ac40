import { ApiProblem } from "./http";
import type { Violation } from "./types";

/** Violations sorted to the fields they concern; what concerns none is told for the form as a whole. */
export type FieldFindings = { byField: Record<string, string[]>; general: string[]; /** That somebody has no room for more; `general` says so too. */ held?: Violation[] };

/** That there is no room is told with what can be done about it, wherever a form is refused. */
const NO_ROOM = "holding.limit_reached";

/** The key of the field a violation's path points at: `fields.amount.currency` and `/fields/amount` both mean `amount`. */
export function fieldOfPath(path: string | null | undefined): string | undefined {
  const parts = (path ?? "").split(/[./]/).filter(Boolean);
  if (parts[0] === "fields") parts.shift();
  return parts[0];
}

/** Sorts violations to the fields that are on the screen (`shown`); others would otherwise be invisible. */
export function findingsOf(violations: Violation[], shown: Iterable<string>): FieldFindings {
  const known = new Set(shown);
  const findings: FieldFindings = { byField: {}, general: [] };
  for (const violation of violations) {
    const field = violation.code === NO_ROOM ? undefined : fieldOfPath(violation.path);
    if (violation.code === NO_ROOM) (findings.held ??= []).push(violation);
    const place = field && known.has(field) ? (findings.byField[field] ??= []) : findings.general;
    const message = violation.message || violation.code;
    // Two texts of one label may be wrong alike.
    if (!place.includes(message)) place.push(message);
  }
  return findings;
}

/** What a refusal says to the form that provoked it. */
export function findingsOfError(error: unknown, shown: Iterable<string>): FieldFindings {
  if (!error) return { byField: {}, general: [] };
  if (error instanceof ApiProblem && error.violations.length > 0) return findingsOf(error.violations, shown);
  return { byField: {}, general: [messageOf(error)] };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const isConflict = (error: unknown): error is ApiProblem => error instanceof ApiProblem && error.status === 409 && error.code === "record.version_conflict";
/** Not a wrong password, which is refused with 401 too. */
export const isSignedOut = (error: unknown) => error instanceof ApiProblem && error.code === "auth.required";
/** A second factor has to be set up before anything else. */
export const mustEnrol = (error: unknown) => error instanceof ApiProblem && error.code === "auth.second_factor_required";
export const isNotFound = (error: unknown) => error instanceof ApiProblem && error.status === 404;
