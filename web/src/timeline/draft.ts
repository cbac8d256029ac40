import type { Rec, Value } from "~/api/types";
import type { Written } from "./CommentInput";

export const ACTIVITY_TYPES = ["call", "visit", "email", "note"] as const;
export type ActivityType = (typeof ACTIVITY_TYPES)[number];
export type Mode = "comment" | ActivityType | "task";

type Fields = Record<string, Value>;

/** What has been begun on a record: one of each kind, so that a call half written waits while one adds a task. */
export type Begun = { mode?: Mode; comment: Written; activity: Fields; task: Fields };
export const NOTHING: Begun = { comment: { text: "", mentions: [] }, activity: {}, task: {} };

export const isActivity = (mode: Mode | undefined): mode is ActivityType => ACTIVITY_TYPES.includes(mode as ActivityType);

/** Whether there is anything in it that would be missed. */
export function hasContent(begun: Begun, mode: Mode): boolean {
  if (mode === "comment") return begun.comment.text.trim() !== "";
  const fields = mode === "task" ? begun.task : begun.activity;
  return Object.values(fields).some((value) => value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0));
}

const LONGEST_NAME = 90;

/** The subject: what was typed there, else the first line of what is told, else the kind of activity. */
export function subjectOf(name: Value, content: Value, kind: string): string {
  const typed = typeof name === "string" ? name.trim() : "";
  if (typed) return typed;
  const line = typeof content === "string" ? (content.trim().split("\n")[0] ?? "") : "";
  if (!line) return kind;
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1).trimEnd()}…` : line;
}

/** Without what was left empty. */
export const filled = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ""));

/** The account that a record is about, for offering its contacts first. */
export function accountOf(record: Rec): string | undefined {
  if (record.object === "account") return record.id;
  return typeof record.fields["account"] === "string" ? record.fields["account"] : undefined;
}
