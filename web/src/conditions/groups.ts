import type { Condition, Violation } from "~/api/types";

/** Parts that are joined, as a condition is drawn: a single one without a frame is a list of one. */
export type Group = {
  join: "all" | "any";
  not: boolean;
  parts: Condition[];
  /** It was written without a frame, and is written so again while it stays alone. */
  bare: boolean;
};

export const isGroup = (condition: Condition): boolean => "all" in condition || "any" in condition || ("not" in condition && ("all" in condition.not || "any" in condition.not));

export function groupOf(condition: Condition | null | undefined): Group {
  if (!condition) return { join: "all", not: false, parts: [], bare: false };
  if ("all" in condition) return { join: "all", not: false, parts: condition.all, bare: false };
  if ("any" in condition) return { join: "any", not: false, parts: condition.any, bare: false };
  if ("not" in condition && isGroup(condition.not) && !("not" in condition.not)) return { ...groupOf(condition.not), not: true };
  return { join: "all", not: false, parts: [condition], bare: true };
}

/** Back from parts. No part means no condition: an empty group would be always true or, joined by "any", never. */
export function conditionOfGroup({ join, not, parts, bare }: Group): Condition | undefined {
  if (parts.length === 0) return undefined;
  if (bare && !not && parts.length === 1) return parts[0];
  const joined: Condition = join === "all" ? { all: parts } : { any: parts };
  return not ? { not: joined } : joined;
}

/** The JSON path of the parts within a group that stands at `position`: `/all/0`, `/not/any/1`. */
export function positionOf(group: Group, position: string, index: number): string {
  return group.bare ? position : `${position}${group.not ? "/not" : ""}/${group.join}/${index}`;
}

/**
 * Sorts the server's findings to the rows they concern. Some name the place in the condition, others the field; what concerns no row
 * stands below them all.
 */
export function placeFindings(findings: Violation[], condition: Condition | null | undefined): { at: Record<string, Violation[]>; rest: Violation[] } {
  const rows = rowsOf(condition);
  const at: Record<string, Violation[]> = {};
  const rest: Violation[] = [];
  for (const finding of findings) {
    const path = finding.path ?? "";
    const place = /\/(?:all|any|not|exists)(?:\/.*)?$/.exec(path)?.[0];
    const found =
      rows.find((row) => place !== undefined && (place === row.position || place === `${row.position}/exists`)) ??
      rows.find((row) => row.names.some((name) => path === name || path.endsWith(`.${name}`) || path.endsWith(`/${name}`)));
    if (found) (at[found.position] ??= []).push(finding);
    else rest.push(finding);
  }
  return { at, rest };
}

type Placed = { position: string; names: string[] };

/** Every row with its place and the names by which the server may call it. */
function rowsOf(condition: Condition | null | undefined, position = ""): Placed[] {
  if (!condition) return [];
  if ("all" in condition) return condition.all.flatMap((part, index) => rowsOf(part, `${position}/all/${index}`));
  if ("any" in condition) return condition.any.flatMap((part, index) => rowsOf(part, `${position}/any/${index}`));
  if ("not" in condition) return rowsOf(condition.not, `${position}/not`);
  if ("exists" in condition) {
    const { object, via, where } = condition.exists;
    return [...rowsOf(where, `${position}/exists/where`), { position, names: [object, ...(via ? [`${object}.${via}`] : [])] }];
  }
  return [{ position, names: [condition.field] }];
}
