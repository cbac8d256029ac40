import { keyOfName } from "../optionKeys";
import type { Process, ProcessStage, StageTask, TaskAct, TaskKind } from "~/api/processes";
import type { Option } from "~/api/types";

/** A process being drawn: the document, and the settings of stages that were taken out and may come back. */
export interface Drawing {
  process: Process;
  set_aside: Record<string, ProcessStage>;
}

/** The two lists between which stages are dragged. */
export type Lists = { used: string[]; unused: string[] };

export function emptyProcess(name: string, precedence: number): Process {
  return {
    id: "",
    name,
    description: "",
    active: true,
    precedence,
    version: 0,
    object: "opportunity",
    field: "stage",
    back_moves: true,
    who: { departments: [], people: [], groups: [], roles: [] },
    stages: [],
  };
}

export const newStage = (stage: string): ProcessStage => ({ stage, allow_skip: false, required_fields: [] });

/** Which of all stages the process uses, in its order, and which are left. */
export function listsOf(process: Process, all: string[]): Lists {
  const used = process.stages.map((stage) => stage.stage);
  return { used, unused: all.filter((key) => !used.includes(key)) };
}

/** The drawing after stages were dragged: settings follow their stage, out of the process and back. */
export function withStages(drawing: Drawing, used: string[]): Drawing {
  const known: Record<string, ProcessStage> = { ...drawing.set_aside };
  for (const stage of drawing.process.stages) known[stage.stage] = stage;
  return {
    set_aside: known,
    process: { ...drawing.process, stages: used.map((key) => known[key] ?? newStage(key)) },
  };
}

/** The drawing with one stage's settings changed. */
export function withStage(drawing: Drawing, key: string, change: Partial<ProcessStage>): Drawing {
  return {
    ...drawing,
    process: { ...drawing.process, stages: drawing.process.stages.map((stage) => (stage.stage === key ? { ...stage, ...change } : stage)) },
  };
}

/** Where a stage goes that is added by its button: behind the last of its own kind, so that nothing has to be dragged afterwards. */
export function placeByType(used: string[], key: string, options: Option[]): string[] {
  const running = (it: string) => (options.find((option) => option.key === it)?.stage_type ?? "in_progress") === "in_progress";
  if (!running(key)) return [...used, key];
  const firstEnd = used.findIndex((it) => !running(it));
  return firstEnd === -1 ? [...used, key] : [...used.slice(0, firstEnd), key, ...used.slice(firstEnd)];
}

/** What a task of this kind begins with. */
export function newAct(kind: TaskKind): TaskAct {
  switch (kind) {
    case "edit_object":
      return { kind, fields: [] };
    case "create_object":
      return { kind, object: "", link: "", fill: [], create_only: false, minimum: 1 };
    case "edit_sub_objects":
      return { kind, object: "", minimum: 1 };
    case "checklist_item":
      return { kind };
  }
}

/** A task; its key is made of the name and of chance, so that no later task is ever taken for one that was deleted. */
export function newTask(kind: TaskKind, name: string, chance: string): StageTask {
  return { key: `${keyOfName(name, [], "task").replace(/^[^a-z]+/, "") || "task"}_${chance}`, name, required: true, act: newAct(kind), assignees: [], repeat: false };
}

/** A stage's list of tasks without one; that it was chosen among the needed ones is forgotten with it. */
export function withoutTask(stage: ProcessStage, key: string): Partial<ProcessStage> {
  const tasks = (stage.tasks ?? []).filter((task) => task.key !== key);
  const needed = stage.needed_tasks;
  return { tasks, ...(needed?.which === "chosen" ? { needed_tasks: { which: "chosen", tasks: needed.tasks.filter((it) => it !== key) } } : {}) };
}

/** The document to send, without its id and without what is empty. Its version tells which published one is in view. */
export function documentOf(process: Process): Record<string, unknown> {
  const { id: _id, ...rest } = process;
  return { ...withoutEmpty(rest), stages: process.stages.map((stage) => withoutEmpty({ ...stage, ...(stage.tasks ? { tasks: stage.tasks.map(withoutEmpty) } : {}) })) };
}

const withoutEmpty = (part: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(part).filter(([key, value]) => value !== undefined && value !== null && (value !== "" || key === "name")));

/** A copy to begin another process with. */
export function copyOf(process: Process, name: string, precedence: number): Process {
  return { ...(structuredClone(process) as Process), id: "", version: 0, name, precedence };
}
