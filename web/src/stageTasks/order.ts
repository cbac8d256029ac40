import type { StageTask } from "~/api/stageTasks";

/** The tasks of a deal as the panel shows them: those of the stage in which it stands, and those left behind. */
export type Sorted = { here: StageTask[]; earlier: { stage: string; tasks: StageTask[] }[]; done: number };

/** Sorts tasks to their stages; `stages` are those of the path, in their order. What stands open comes as the process has it. */
export function sortTasks(tasks: StageTask[], current: string, stages: string[]): Sorted {
  const here = tasks.filter((task) => task.stage === current);
  const order = (stage: string) => (stages.indexOf(stage) + 1 || stages.length + 1);
  const others = [...new Set(tasks.filter((task) => task.stage !== current).map((task) => task.stage))].sort((a, b) => order(a) - order(b));
  return {
    here,
    earlier: others.map((stage) => ({ stage, tasks: tasks.filter((task) => task.stage === stage) })),
    done: here.filter((task) => task.state === "done").length,
  };
}

/** The open task to go on with after `from`, else the first open one. */
export function nextOpen(tasks: StageTask[], from?: string): StageTask | undefined {
  const at = tasks.findIndex((task) => task.id === from);
  const open = (task: StageTask) => task.state === "open";
  return tasks.slice(at + 1).find(open) ?? tasks.find(open);
}

/** How many of a stage's tasks are done, for the path. */
export function countsOf(tasks: StageTask[], stage: string): { done: number; count: number } | undefined {
  const of = tasks.filter((task) => task.stage === stage && task.state !== "skipped");
  return of.length > 0 ? { done: of.filter((task) => task.state === "done").length, count: of.length } : undefined;
}

const MARK = "task-";

/** The part of an address that leads to a task on its deal. */
export const hashOf = (task: string) => MARK + task;
export const taskOfHash = (hash: string): string | undefined => (hash.startsWith(MARK) ? hash.slice(MARK.length) : undefined);
