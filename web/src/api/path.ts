// The way of a deal through its process, as the server judges it.
import type { Label, Rec, StageType, Value } from "./types";

/** One thing that stands between a deal and a stage, in words, and who can do something about it. */
export type Requirement = {
  code: string;
  stage: string;
  message: string;
  path?: string | null;
  params?: Record<string, unknown>;
  fixable_by: "you" | "owner" | "administrator";
};

export type Fill = { field: string; from: string };
export type StageLink = { label: string; url: string };

/** A record that is created together with a move. */
export type AskedRecord = {
  object: string;
  /** Its field that refers to the deal; the server sets it. */
  link: string;
  fields: string[];
  fill: Fill[];
  /** What it begins with. */
  values?: Record<string, Value> | null;
};

export type PathStage = {
  key: string;
  label: Label;
  type: StageType;
  state: "done" | "current" | "skipped" | "upcoming";
  entered_at?: string | null;
  left_at?: string | null;
  seconds?: number | null;
  due_at?: string | null;
  overdue: boolean;
  win_rate?: string | null;
  guidance?: string | null;
  links?: StageLink[] | null;
  prompt?: string | null;
  reachable: boolean;
  requirements: Requirement[];
  asks: string[];
  asks_records?: AskedRecord[] | null;
  asks_reason: boolean;
};

/** What one may do with where the deal stands. */
export type PathActs = { move?: boolean; reopen?: boolean; change_process?: boolean; bypass?: boolean };

export type Path = {
  process: { id: string; name: string; version?: number; pinned?: boolean };
  version: number;
  current: string;
  /** The current stage is complete. */
  complete?: boolean;
  /** The stage that is offered next. */
  next?: string | null;
  can?: PathActs | null;
  /** The approval for which the deal waits. */
  approval?: Rec["approval"];
  stages: PathStage[];
};

/** A process that a deal may be brought into. */
export type OtherProcess = { id: string; name: string; stages: { key: string; label: Label; requirements: Requirement[]; asks: string[] }[] };
