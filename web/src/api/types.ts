// The shapes of docs/api-design.md, as the screens use them.
import type { ApprovalTrigger } from "./approvals";

import type { Over } from "./duplicates";

/** A text in every language the product speaks. */
export type Label = { en: string; "zh-CN": string };
export type Language = "en" | "zh-CN";

export type FieldType =
  | "text" | "long_text" | "number" | "currency" | "percent" | "boolean" | "date" | "datetime"
  | "select" | "multi_select" | "email" | "phone" | "url" | "reference" | "references" | "master" | "regarding"
  | "employee" | "department" | "auto_number" | "process" | "calculated" | "statistical" | "attachment";

/** What a field that the product reckons comes to. */
export type ResultType = "text" | "number" | "currency" | "percent" | "boolean" | "date" | "datetime";

export type StageType = "in_progress" | "won" | "lost" | "invalid";

export type Option = { key: string; label: Label; active: boolean; stage_type?: StageType | null; colour?: string | null };

export type Operator =
  | "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "between" | "in" | "not_in" | "contains" | "not_contains"
  | "starts_with" | "ends_with" | "is_empty" | "is_not_empty" | "within" | "in_department" | "is_me"
  | "my_department" | "my_subordinates" | "changed" | "changed_from" | "changed_to";

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: Operator; value?: unknown }
  | { exists: { object: string; via?: string; where?: Condition; at_least?: number } };

export type Field = {
  key: string;
  label: Label;
  help?: Label | null;
  type: FieldType;
  required: boolean;
  unique: boolean;
  read_only: boolean;
  system: boolean;
  sortable: boolean;
  filterable: boolean;
  default?: unknown;
  access: "read" | "write";
  options?: Option[] | null;
  /** The object a reference points to. */
  object?: string | null;
  scale?: number | null;
  min?: string | number | null;
  max?: string | number | null;
  max_length?: number | null;
  pattern?: string | null;
  required_when?: Condition | null;
  visible_when?: Condition | null;
  /** Kept with an index of its own. */
  fast?: boolean;
  /** Made by an administrator of this organisation. */
  own?: boolean;
  /** Its values are being reckoned anew; until then some are old. */
  settling?: boolean;
  /** Of calculated and statistical fields: the type of the value. */
  result?: ResultType | null;
};

/** How a form is laid out for the reader; fields that no section names are not on it. */
export type FormSection = { key?: string; label?: Partial<Label> | null; fields: string[]; collapsed: boolean };

export type ObjectDef = {
  key: string;
  label: Label;
  plural: Label;
  preset: boolean;
  owned: boolean;
  /** Who sees a record when nothing else gives it; `by_parent` names the field whose record decides. */
  base?: string | { by_parent: string } | null;
  name_field: string;
  master?: { object: string; field: string } | null;
  acts: string[];
  fields: Field[];
  /** A key of the short list of icons. */
  icon?: string | null;
  layout?: { sections: FormSection[] } | null;
};

export type Objects = { meta_version: number; objects: ObjectDef[] };

export type MoneyValue = { amount: string; currency: string };
export type RegardingValue = { object: string; id: string };
export type FileValue = { id: string; name: string; size: number; media_type: string };
export type Value = string | number | boolean | null | string[] | MoneyValue | RegardingValue | undefined;

/** What is mentioned by its id: a record, or a file with its size. */
export type Ref = { object: string; name: string; size?: number; media_type?: string };
export type Refs = Record<string, Ref>;

/** A record; called `Rec` because `Record` is TypeScript's own word. */
export type Rec = {
  object: string;
  id: string;
  version: number;
  revision: number;
  fields: Record<string, Value>;
  refs?: Refs;
  can?: string[];
  /** Acts that one may do, but a rule stands against. */
  cannot?: { act: string; code: string }[] | null;
  /** Fields that cannot be changed as it stands. */
  frozen?: string[] | null;
  /** Of a deal: its amount is the total of its lines. */
  amount_follows_lines?: boolean | null;
  /** The lock that holds it: its own, or that of what it lives in. */
  lock?: { object: string; record: string; by?: string | null; at?: string | null } | null;
  external_ids?: { source: string; id: string }[];
  /** Fields that one sees when one has claimed it from its pool. */
  veiled?: string[] | null;
  /** The approval for which it waits; what one may do with it is told of a single record alone. */
  approval?: { id: string; what: ApprovalTrigger; state: "running" | "returned"; to_stage?: string | null; waiting_for: string[]; can?: string[] | null } | null;
  /** Of a record in the recycle bin that became one with another: that one, by name where one may see it. */
  merged_into?: { object: string; id?: string | null; name?: string | null; merge: string } | null;
};

export type RecPage = { items: Rec[]; next_cursor?: string | null; count?: number | null; refs?: Refs };
export type Saved = { result: string; record: Rec };

export type Me = {
  person: { id: string; name: string; email: string };
  roles: { key: string; name: Label | string }[];
  acts: Record<string, string[]>;
  admin: boolean;
  reads_audit?: boolean;
  language: Language;
  time_zone: string;
  csrf_token?: string | null;
  organisation: {
    name: string;
    main_currency: string;
    time_zone: string;
    week_start: string | number;
    fiscal_year_start_month: number;
    language: Language;
    /** In which amounts may be entered; all when there are none. */
    currencies?: string[];
  };
  meta_version: number;
  /** A second factor must be set up before anything else is open. */
  must_enrol: boolean;
  /** Where the stream of events stood then. */
  stream_position: string;
};

export type Setup = {
  needs_setup: boolean;
  demo: boolean;
  demo_people?: { email: string; name: string; title?: string | null }[];
  organisation?: string | null;
  languages: Language[];
  version: string;
  /** One may sign in by password. */
  passwords: boolean;
  /** One may sign in by a provider; what stands on its button. */
  provider?: { button: string } | null;
};

export type Violation = { code: string; path?: string | null; message: string; params?: Record<string, unknown> };

/** The body of every refusal (RFC 9457). */
export type Problem = {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  request_id?: string;
  violations?: Violation[];
  /** The present record, when someone else was faster. */
  record?: Rec;
};

export type { AskedRecord, Fill, Path, PathStage, Requirement, StageLink } from "./path";

export type Stay = {
  stage: string;
  entered_at: string;
  left_at?: string | null;
  to_stage?: string | null;
  entered_by?: string | null;
  left_by?: string | null;
  how?: string | null;
  reason?: string | null;
  skipped?: string[];
  /** Codes of what stood against the entering and was passed by. */
  bypassed?: string[];
  process?: { id: string; name: string } | null;
  process_version?: number;
  tasks?: StayTask[];
};

/** What was to be done in a stage. */
export type StayTask = { id: string; name: string; required: boolean; state: "open" | "done" | "skipped" };

export type BoardColumn = {
  stage: string;
  label: Label;
  type: StageType;
  colour?: string | null;
  win_rate?: string | null;
  count: number;
  totals: MoneyValue[];
  amount_main?: MoneyValue | string | null;
  weighted_main?: MoneyValue | string | null;
  overdue: number;
  items: Rec[];
  next_cursor?: string | null;
};

export type Board = {
  process: { id: string; name: string };
  columns: BoardColumn[];
  main_currency: string;
  refs: Refs;
};

export type { Process, ProcessStage } from "./processes";

export type HistoryItem = {
  at: string;
  by?: string | null;
  via?: string | null;
  /** The name of the access token by which it was done. */
  token?: string | null;
  act?: string | null;
  reason?: string | null;
  /** Null for what is no change of the record's own fields. */
  revision?: number | null;
  changes: { field: string; old?: Value; new?: Value }[];
  team?: { old: TeamMember[]; new: TeamMember[] } | null;
  /** Over which records it was saved although it is like them. */
  alike?: Over[] | null;
};
export type History = { items: HistoryItem[]; refs: Refs; next_cursor?: string | null };

/** A record's team as of a version. */
export type Team = { members: TeamMember[]; version: string; refs?: Rec["refs"] };
export type TeamMember = { person: string; role?: string | null; access: "read" | "read_write"; share?: string | null };

export type SearchHit = { object: string; id: string; name: string; detail?: string | null };

export type Token = { id: string; name: string; token?: string; created_at?: string; expires_at?: string | null };

/** A part that somebody may have in a record's team. */
export type TeamRole = { key: string; label: Label; active: boolean };
export type Organisation = Me["organisation"] & { team_roles?: TeamRole[]; /** Where a deal's amount comes from. */ deal_amount?: "lines" | "typed"; /** Which department forecasts count a deal for. */ department_of_deals?: "owner" | "deal" };
export type CurrencyRate = { currency: string; day: string; rate: string };
/** Rates, and the currencies whose open amounts are still being converted. */
export type Rates = { items: CurrencyRate[]; converting: string[] };
export type Role = { key: string; name: Label | string; see_all?: boolean; objects?: Record<string, string[]> };
