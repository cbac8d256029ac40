import { useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put } from "./http";
import { keys } from "./queries";
import type { Condition, Refs, Violation } from "./types";

/** Which time a duration counts: every hour, or those in which the owner works. */
export type TimeIn = "calendar" | "working";

/** Somebody, or several, named by what they are to a deal. */
export type Party =
  | { kind: "owner" | "owner_manager" | "department_manager" | "creator" | "team" }
  | { kind: "team_role"; role: string }
  | { kind: "person"; id: string }
  | { kind: "field"; field: string };

/** Who is told, and how long before or after something is due. */
export type Reminder = { when: "before" | "after"; seconds: number; every_days?: number | null; to: Party[]; text?: string | null };

/** A field of a new record, filled from one of the deal. */
export type Fill = { field: string; from: string };
export type CreateOnEntry = { object: string; link: string; fields: string[]; fill: Fill[] };
export type StageLink = { label: string; url: string };
export type NeededTasks = { which: "required" } | { which: "chosen"; tasks: string[] } | { which: "number"; n: number };

export type TaskAct =
  | { kind: "edit_object"; of?: string | null; fields: string[] }
  | { kind: "create_object"; object: string; link: string; fill: Fill[]; create_only: boolean; choose_from?: Condition | null; minimum: number }
  | { kind: "edit_sub_objects"; object: string; minimum: number }
  | { kind: "checklist_item" };
export type TaskKind = TaskAct["kind"];

/** What is to be done while a deal stands in a stage. */
export type StageTask = {
  /** One of the process; stays with the task through all versions. */
  key: string;
  name: string;
  instructions?: string | null;
  required: boolean;
  act: TaskAct;
  /** Whose it is, the first who there is; the owner's where nobody is named. */
  assignees: Party[];
  due_seconds?: number | null;
  due_in?: TimeIn | null;
  reminders?: Reminder[] | null;
  condition?: Condition | null;
  repeat: boolean;
};

export type ProcessStage = {
  stage: string;
  duration_seconds?: number | null;
  duration_in?: TimeIn | null;
  reminders?: Reminder[] | null;
  allow_skip: boolean;
  /** Completing it needs an approval. */
  approval?: boolean | null;
  win_rate?: string | null;
  forecast_category?: string | null;
  guidance?: string | null;
  links?: StageLink[] | null;
  tasks?: StageTask[] | null;
  needed_tasks?: NeededTasks | null;
  completion_condition?: Condition | null;
  entry_condition?: Condition | null;
  required_fields: string[];
  ignore_normal?: boolean;
  must_have_completed?: string[];
  prompt?: string | null;
  creates?: CreateOnEntry[] | null;
};

export type Who = { departments: { id: string; with_sub: boolean }[]; people: string[]; groups: string[]; roles: string[] };

export type Process = {
  id: string;
  name: string;
  description?: string | null;
  active: boolean;
  precedence: number;
  version: number;
  object: string;
  field: string;
  back_moves: boolean;
  who: Who;
  entry_condition?: Condition | null;
  stages: ProcessStage[];
};

/** The sales processes, each with its published document, and for administrators the drafts. */
export function useProcessList() {
  return useQuery({ queryKey: keys.processes, queryFn: () => get<ProcessList>("/processes"), staleTime: 60_000 });
}

/** One thing that differs between two versions; without `setting` a stage or a task as a whole came, went or was moved. */
export type Difference = { path: string; kind: "added" | "removed" | "changed" | "moved"; stage?: string | null; task?: string | null; setting: string; old?: unknown; new?: unknown };

/** What an administrator works on, and nobody obeys yet. */
export type ProcessDraft = {
  process: Process;
  version: number;
  /** The published version that it was begun from; 0 where there is none. */
  based_on: number;
  at: string;
  by: string;
  problems: Violation[];
  warnings: Violation[];
  differences: Difference[];
  /** Another version was published since it was begun. */
  outdated: boolean;
  refs?: Refs;
};
export type DraftSummary = { name: string; version: number; at: string; by: string; based_on: number };
export type ProcessList = { items: Process[]; drafts?: Record<string, DraftSummary> | null };

/** What becomes of the deals that run in the process: they follow the new version, or stay with theirs until they are moved. */
export type RunningDeals = "follow" | "stay";
export type MovedDeals = { stage: string; to: string; count: number };
/** Those in the recycle bin are counted, since they may come back. */
export type RunningOutcome = { open: number; following: number; staying: number; moved: MovedDeals[]; /** It takes the moved ones along, where they are many. */ job?: string | null };
export type Publication = {
  process: Process;
  warnings: Violation[];
  running: RunningOutcome;
};
export type ProcessVersion = {
  version: number;
  at: string;
  by: string;
  note?: string | null;
  running?: RunningDeals | null;
  /** How much differs from the one before. */
  changes: number;
  current: boolean;
  /** Open deals that obey it. */
  open: number;
  /** Where deals were taken whose stage it gave up. */
  moved: MovedDeals[];
};
export type ProcessVersions = { items: ProcessVersion[]; refs?: Refs };

export const versionsKey = (id: string) => [...keys.process(id), "versions"] as const;

/** A process as it is published, and its draft; null where there is none. */
export type OpenedProcess = { published: Process | null; draft: ProcessDraft | null };

/** Both are read at once; the list tells which of them there are. */
export const openedQuery = (id: string) => ({
  queryKey: [...keys.process(id), "opened"] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<OpenedProcess> => {
    const { items, drafts } = await get<ProcessList>("/processes", { signal });
    const published = items.find((process) => process.id === id) ?? null;
    return { published, draft: drafts?.[id] ? await get<ProcessDraft>(`/processes/${id}/draft`, { signal }) : null };
  },
});

export const useVersions = (id: string, enabled: boolean) => useQuery({ queryKey: versionsKey(id), queryFn: ({ signal }) => get<ProcessVersions>(`/processes/${id}/versions`, { signal }), enabled });
export const useVersion = (id: string, version: number) =>
  useQuery({ queryKey: [...versionsKey(id), version], queryFn: ({ signal }) => get<ProcessVersion & { process: Process; differences: Difference[] }>(`/processes/${id}/versions/${version}`, { signal }), staleTime: Infinity });

/** Keeps a draft: the first under version 0, the next over the one that was seen. */
export const putDraft = (id: string, document: object, seen: number) => put<ProcessDraft>(`/processes/${id}/draft`, document, { ifMatch: seen });
export const beginDraft = (document: object) => post<ProcessDraft>("/processes/drafts", document);
export const discardDraft = (id: string, seen: number) => del<void>(`/processes/${id}/draft`, { ifMatch: seen });
export const revertTo = (id: string, version: number, seen?: number) => post<ProcessDraft>(`/processes/${id}/revert`, { version }, { ifMatch: seen });
export const orderProcesses = (ids: string[]) => post<{ items: Process[] }>("/processes/order", { ids });
export const activate = (id: string, active: boolean) => post<Process>(`/processes/${id}/${active ? "activate" : "deactivate"}`, {});
export const deleteProcess = (id: string) => del<void>(`/processes/${id}`);

export type Publishing = { running: RunningDeals; mapping: Record<string, string>; note?: string };
/** Publishes the draft; with `dry` it only says what would become of the running deals. */
export const publishDraft = (id: string, { running, mapping, note }: Publishing, seen: number, dry = false) =>
  post<Publication>(
    `/processes/${id}/publish`,
    { running, mapping, note: note?.trim() || undefined, dry_run: dry },
    { ifMatch: seen },
  );

/** After anything about processes has changed: whatever shows them is read again. */
export function useAfterProcesses() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: keys.processes });
    void client.invalidateQueries({ queryKey: ["board"] });
    void client.invalidateQueries({ queryKey: keys.records("opportunity") });
  };
}
