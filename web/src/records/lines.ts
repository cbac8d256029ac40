import type { Rec } from "~/api/types";
import type { ListGroup } from "~/api/views";

export type GroupLine = { kind: "group"; key: string; group: ListGroup; open: boolean };
/** What a table draws from top to bottom: records, the heads of groups, and where a group goes on. */
export type Line = { kind: "row"; key: string; row: Rec } | GroupLine | { kind: "more"; key: string; of: string; state: "loading" | "failed" | "more" };

export type Loaded = { rows: Rec[]; more: boolean; state: "loading" | "failed" | "ready" };

export const keyOfGroup = (group: ListGroup) => JSON.stringify(group.value ?? null);

export const plainLines = (rows: Rec[]): Line[] => rows.map((row) => ({ kind: "row", key: row.id, row }));

/** Groups with the rows of those that are unfolded, as far as they have been loaded. */
export function groupedLines(groups: ListGroup[], loaded: Record<string, Loaded | undefined>): Line[] {
  return groups.flatMap((group): Line[] => {
    const key = keyOfGroup(group);
    const found = loaded[key];
    const head: Line = { kind: "group", key: `group ${key}`, group, open: found !== undefined };
    if (!found) return [head];
    const rows = found.rows.map((row): Line => ({ kind: "row", key: row.id, row }));
    if (found.state !== "ready") return [head, ...rows, { kind: "more", key: `more ${key}`, of: key, state: found.state }];
    return found.more ? [head, ...rows, { kind: "more", key: `more ${key}`, of: key, state: "more" }] : [head, ...rows];
  });
}

export const rowsIn = (lines: Line[]): Rec[] => lines.flatMap((line) => (line.kind === "row" ? [line.row] : []));
