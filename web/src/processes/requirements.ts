import { fieldOfPath } from "~/api/problem";
import type { Path, PathStage, Requirement, Violation } from "~/api/types";

/** What a refused move says: its violations carry the requirements, who can mend each told in `params`. */
export function requirementsOf(violations: Violation[], stage: string): Requirement[] {
  return violations.map((violation) => {
    const by = violation.params?.["fixable_by"];
    return {
      code: violation.code,
      stage,
      message: violation.message || violation.code,
      path: violation.path,
      params: violation.params,
      fixable_by: by === "owner" || by === "administrator" ? by : "you",
    };
  });
}

/** Requirements as the move dialog shows them: at an asked field, at the reason, or in the list of what has to be done elsewhere. */
export interface SortedRequirements {
  atField: Record<string, string[]>;
  atReason: string[];
  elsewhere: Requirement[];
}

/** Sorts requirements to their places; `asks` are the fields on the dialog. */
export function sortRequirements(requirements: Requirement[], asks: readonly string[]): SortedRequirements {
  const sorted: SortedRequirements = { atField: {}, atReason: [], elsewhere: [] };
  for (const requirement of requirements) {
    const field = fieldOfPath(requirement.path);
    if (requirement.code === "stage.reason_required") sorted.atReason.push(requirement.message);
    else if (field && asks.includes(field)) (sorted.atField[field] ??= []).push(requirement.message);
    else sorted.elsewhere.push(requirement);
  }
  return sorted;
}

// What is fixed by filling in a field: the stage's own wish, or any rule about the field itself.
const FILLED_IN = /^(stage\.missing_field|stage\.terminal_action|field\.)/;

/** The fields to ask for: those the path names, those a refusal points at, and those that have been filled in here already. */
export function asksOf(stage: PathStage | undefined, requirements: Requirement[], given: readonly string[], editable: readonly string[]): string[] {
  const pointed = requirements.flatMap((requirement) => (FILLED_IN.test(requirement.code) ? (fieldOfPath(requirement.path) ?? []) : []));
  return [...new Set([...(stage?.asks ?? []), ...pointed, ...given])].filter((field) => editable.includes(field));
}

/**
 * Whether moving to this stage needs a word from the person first; otherwise it can be done in one gesture. Fields that the
 * stage asks for and that are filled in already stand in nobody's way: the missing ones are among the requirements.
 */
export function needsDialog(stage: PathStage | undefined): boolean {
  if (!stage) return true;
  return stage.requirements.length > 0 || stage.asks_reason || Boolean(stage.prompt);
}

/** Whether it is an approval that keeps the deal where it is: nothing that one could put right here. */
export const isApproval = (path: Path, { code }: Pick<Requirement, "code">): boolean => Boolean(path.approval) && (code === "stage.approval_pending" || code === "stage.locked");

/** What keeps a deal that waits for an approval from a stage. */
export const waitsFor = (path: Path, stage: PathStage | undefined): Requirement | undefined => stage?.requirements.find((requirement) => isApproval(path, requirement));
