import type { Process, ProcessStage } from "~/api/types";

/** A process being edited: the document, and the settings of stages that were taken out and may come back. */
export interface Draft {
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
    active: false,
    precedence,
    version: 0,
    object: "opportunity",
    field: "stage",
    back_moves: true,
    who: { departments: [], people: [], roles: [] },
    stages: [],
  };
}

export const newStage = (stage: string): ProcessStage => ({ stage, allow_skip: false, required_fields: [] });

/** Which of all stages the process uses, in its order, and which are left. */
export function listsOf(process: Process, all: string[]): Lists {
  const used = process.stages.map((stage) => stage.stage);
  return { used, unused: all.filter((key) => !used.includes(key)) };
}

/** The draft after stages were dragged: settings follow their stage, out of the process and back. */
export function withStages(draft: Draft, used: string[]): Draft {
  const known: Record<string, ProcessStage> = { ...draft.set_aside };
  for (const stage of draft.process.stages) known[stage.stage] = stage;
  return {
    set_aside: known,
    process: { ...draft.process, stages: used.map((key) => known[key] ?? newStage(key)) },
  };
}

/** The draft with one stage's settings changed. */
export function withStage(draft: Draft, key: string, change: Partial<ProcessStage>): Draft {
  return {
    ...draft,
    process: { ...draft.process, stages: draft.process.stages.map((stage) => (stage.stage === key ? { ...stage, ...change } : stage)) },
  };
}

/** The body to send: the document without what the server gives, and without empty settings. */
export function bodyOf(process: Process): Record<string, unknown> {
  const { id: _id, version: _version, ...rest } = process;
  return {
    ...rest,
    stages: process.stages.map((stage) =>
      Object.fromEntries(Object.entries(stage).filter(([, value]) => value !== undefined && value !== null && value !== "")),
    ),
  };
}
