import type { Violation } from "~/api/types";

/** Where in the editor a finding about a process is shown. */
export type FindingPlace = { kind: "field"; field: string } | { kind: "stage"; index: number; field?: string } | { kind: "stages" } | { kind: "general" };

/** The place of a path such as `name`, `stages`, `stages.2` or `stages[2].entry_condition` (`/stages/2` as well). */
export function placeOf(path: string | null | undefined): FindingPlace {
  const parts = (path ?? "").split(/[./[\]]+/).filter(Boolean);
  const [head, index, field] = parts;
  if (!head) return { kind: "general" };
  if (head !== "stages") return { kind: "field", field: head };
  if (index === undefined || !/^\d+$/.test(index)) return { kind: "stages" };
  return field === undefined ? { kind: "stage", index: Number(index) } : { kind: "stage", index: Number(index), field };
}

const CONCERNS_STAGES = /^process\.(stage_|missing_)/;

/** Findings sorted to the places they concern. A finding about stages without a path still stands at the list of stages. */
export interface PlacedFindings {
  fields: Record<string, Violation[]>;
  stages: Record<number, Violation[]>;
  stageList: Violation[];
  general: Violation[];
}

/** Sorts violations; those of fields that are not `shown` are told for the process as a whole. */
export function placeFindings(violations: Violation[], shown: readonly string[]): PlacedFindings {
  const placed: PlacedFindings = { fields: {}, stages: {}, stageList: [], general: [] };
  for (const violation of violations) {
    const place = placeOf(violation.path);
    if (place.kind === "stage") (placed.stages[place.index] ??= []).push(violation);
    else if (place.kind === "stages" || CONCERNS_STAGES.test(violation.code)) placed.stageList.push(violation);
    else if (place.kind === "field" && shown.includes(place.field)) (placed.fields[place.field] ??= []).push(violation);
    else placed.general.push(violation);
  }
  return placed;
}
