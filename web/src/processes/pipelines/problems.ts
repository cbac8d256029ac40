import type { Process } from "~/api/processes";
import type { Violation } from "~/api/types";

/** Which part of the document a problem concerns: of a stage, of a task of it, and there the setting. */
export type Place = { stage?: string; task?: string; setting: string[] };
export type Problem = { place: Place; violation: Violation };

const CONCERNS_STAGES = /^process\.(stage_|missing_|no_)/;

/** The place of a path such as `name`, `stages/2` or `stages/2/tasks/0/act/fields` in the document that the server judged. */
export function placeOf(path: string | null | undefined, code: string, process: Pick<Process, "stages">): Place {
  const parts = (path ?? "").split(/[./[\]]+/).filter(Boolean);
  const [head, at, setting, task, ...rest] = parts;
  if (head === undefined) return { setting: CONCERNS_STAGES.test(code) ? ["stages"] : [] };
  const stage = head === "stages" ? process.stages[Number(at)] : undefined;
  if (!stage) return { setting: parts };
  const found = setting === "tasks" ? (stage.tasks ?? [])[Number(task)] : undefined;
  if (found) return { stage: stage.stage, task: found.key, setting: rest };
  return { stage: stage.stage, setting: parts.slice(2) };
}

/** Problems at their places: stages and tasks by their keys, so that they keep to them when they are moved about meanwhile. */
export const placed = (violations: Violation[], process: Pick<Process, "stages">): Problem[] =>
  violations.map((violation) => ({ violation, place: placeOf(violation.path, violation.code, process) }));

/** Those that concern one stage, its tasks included or not. */
export const ofStage = (problems: Problem[], stage: string) => problems.filter(({ place }) => place.stage === stage);
export const ofTask = (problems: Problem[], task: string) => problems.filter(({ place }) => place.task === task);
/** Those of the process as a whole. */
export const ofProcess = (problems: Problem[]) => problems.filter(({ place }) => place.stage === undefined);

/** Those at a setting, or deeper in it: `at(problems, "act", "fields")`. */
export const at = (problems: Problem[], ...setting: (string | number)[]): Violation[] =>
  within(problems, ...setting).map(({ violation }) => violation);

/** The same as one text, as inputs show it. */
export const textAt = (problems: Problem[], ...setting: (string | number)[]): string | undefined => textOf(at(problems, ...setting));

export const textOf = (violations: Violation[]): string | undefined =>
  violations.length > 0 ? [...new Set(violations.map((it) => it.message || it.code))].join(" ") : undefined;

/** Those within a setting, as seen from there: of `reminders/0/to`, within `reminders`, 0, it is `to`. */
export const within = (problems: Problem[], ...setting: (string | number)[]): Problem[] =>
  problems
    .filter(({ place }) => setting.every((part, index) => place.setting[index] === String(part)))
    .map(({ place, violation }) => ({ violation, place: { ...place, setting: place.setting.slice(setting.length) } }));

/** Those at none of these settings, which would otherwise be invisible. */
export const elsewhere = (problems: Problem[], ...shown: string[]): Violation[] =>
  problems.filter(({ place }) => !shown.includes(place.setting[0] ?? "")).map(({ violation }) => violation);
