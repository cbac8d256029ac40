// Imports: files that wait, what was found in them, what is to be done with their columns, and how far it is.
import type { Closer } from "./server";

export type DateOrder = "ymd" | "dmy" | "mdy";
export type DecimalMark = "." | ",";
export type Looks = "text" | "number" | "date" | "datetime" | "boolean" | "email" | "phone" | "url" | "empty";

export type FileColumn = {
  name: string;
  position: number;
  samples: string[];
  filled: number;
  looks: Looks;
  numbers?: { decimal: DecimalMark; grouping?: string | null } | null;
  /** `example` could be read both ways. */
  dates?: { order: DateOrder | null; certain: boolean; example?: string | null } | null;
};

/** A row of the file: each cell as it stands, and as it will be read. */
export type FirstRow = { line: number; cells: string[]; read: (string | null)[] };

export type ImportFile = {
  id: string;
  name: string;
  size: number;
  kind: "csv" | "xlsx";
  sheets: string[];
  found: { encoding: string | null; delimiter: string | null; header: boolean; sheet: string | null; decimal?: DecimalMark | null; date_order?: DateOrder | null };
  rows: number;
  columns: FileColumn[];
  first: FirstRow[];
  /** How it was said that it is to be read: a correction says it again and adds its own. */
  said: FileCorrection;
  warnings: { code: string; message: string }[];
  matches: { template: string | null; plan: string | null; name: string }[];
  uploaded_at: string;
  expires_at: string;
};

/** What of a file is to be read otherwise than it was found. */
export type FileCorrection = {
  encoding?: string | null;
  delimiter?: string | null;
  header?: boolean | null;
  sheet?: string | null;
  decimal?: DecimalMark | null;
  date_order?: DateOrder | null;
  columns?: Record<string, { decimal?: DecimalMark | null; dates?: DateOrder | null }>;
};

/** Where a column goes: one field, several that it tells at once, or none. */
export type Target = string | string[] | null;
export type ReferenceRule = { by?: "name" | "code" | "id" | "external"; missing?: "error" | "blank" | "create" };
/** What is done with rows that are alike to records or to each other; `rows` says it by line where one is done otherwise. */
export type RowChoice = "skip" | "create" | "update";
export type DuplicateOptions = Closer<"ImportDuplicates", { check: boolean; then: "refuse" | RowChoice; rows?: Record<string, RowChoice> }>;
export type Mode = "insert" | "update" | "upsert";

export type ImportOptions = {
  object: string;
  mode?: Mode | null;
  keys?: { external_source?: string | null; external_column?: string | null; field?: string | null } | null;
  mapping?: Record<string, Target> | null;
  /** What a column's texts stand for; the empty text is: leave it blank. */
  values?: Record<string, Record<string, string>> | null;
  /** Names of a reference column of which records are made. */
  create_values?: Record<string, string[]> | null;
  references?: Record<string, ReferenceRule> | null;
  constants?: Record<string, string> | null;
  default_owner?: string | null;
  on_blank?: "keep" | "clear" | null;
  history?: boolean | null;
  before_close?: string | null;
  currency?: string | null;
  /** How columns write their values; `currency` is the column that tells that of amounts. */
  formats?: Record<string, { decimal?: DecimalMark | null; dates?: DateOrder | null; currency?: string | null; factor?: string | null }> | null;
  duplicates?: DuplicateOptions | null;
};

export type PlannedStep = { file: string; options: ImportOptions };
export type Prepare = { stages?: unknown[]; processes?: unknown[] };
export type Proposal = { plan: { name: string; source: "shipped" | "template" | "guess" }; steps: PlannedStep[]; prepare?: Prepare | null };

export type ImportState = "waiting" | "running" | "done" | "failed" | "cancelled" | "undoing" | "undone";
export type Counts = { rows: number; done: number; created: number; updated: number; /** They wait for approvals. */ pending_approval: number; unchanged: number; skipped: number; failed: number };
/** `columns` with the fields that each fills. */
export type ImportStep = Counts & { file: string; file_name: string; object: string; options: ImportOptions; columns: { column: string; field: Target }[]; warnings: ImportFinding[]; problem_count: number };
/** What stands against a mapping, or what it leaves open. */
export type ImportFinding = { code: string; path: string; message: string };
/** Told before any row is looked at. */
export type ImportAdvice = { violations: ImportFinding[]; warnings: ImportFinding[] };
export type ImportProblem = {
  step?: number | null;
  line: number;
  column?: string | null;
  /** What the field is called that is meant. */
  label?: string | null;
  code: string;
  value?: string | null;
  message: string;
  /** Of a refusal for want of room: what `message` tells, as data. */
  params?: Record<string, unknown> | null;
  /** Where the row is like something: what became, or would become, of it. */
  outcome?: "created" | "updated" | "unchanged" | "skipped" | "failed" | null;
  /** The record that it is like, or the line of the file. */
  met?: { object: string; id: string | null; line: number | null } | null;
};
/** A value that was not understood, with the known one that is near, if any is. */
export type OfferedValue = { step: number; column: string; from: string; to: string | null; rows: number };
export type ProblemGroup = { step: number; column: string; label?: string | null; code: string; message: string; count: number };

/** An import, checked only (`dry_run`) or for good. */
export type Import = Counts & {
  id: string;
  /** The plan or template by which it was begun. */
  name?: string | null;
  state: ImportState;
  phase?: "rows" | "references" | "undo" | null;
  dry_run: boolean;
  /** The step that it is at. */
  step: number;
  steps: ImportStep[];
  prepare?: Prepare | null;
  problem_count: number;
  /** What is worth knowing about rows that came in whole. */
  notices: number;
  problem_groups?: ProblemGroup[] | null;
  offered_values: OfferedValue[];
  can: { cancel: boolean; resume: boolean; undo: boolean };
  undo_until?: string | null;
  /** How far taking it back is: what it created, what it changed, and what stays since somebody has changed it or it is in use. */
  undo?: { deleted: number; put_back: number; stayed: number } | null;
  error?: string | null;
  started_at: string;
  ended_at?: string | null;
};

/** The files of an import, each once. */
export const filesOf = (of: Pick<Import, "steps">): string => [...new Set(of.steps.map((step) => step.file_name))].join(", ");

/** A mapping kept under a name, proposed for files with the same columns. */
export type TemplateDocument = { name: string; options: ImportOptions; headers: string[]; /** For everybody who may import the object. */ shared: boolean };
export type Template = TemplateDocument & { id: string; object: string; version: number; can: { edit: boolean; delete: boolean } };
