import type { Rec, Value } from "~/api/types";
import type { Findings } from "~/grid/Grid";
import { changesOf, isSame, newRow, rowOf, valueOf, type GridRow } from "~/grid/rows";

export type Merged = { rows: GridRow[]; clashes: Record<string, Record<string, Value>>; /** Rows that others have removed and that are kept here because they were changed. */ revived: string[] };

/**
 * What one has changed, over the rows as somebody else has saved them meanwhile. Nothing that was typed is lost: where both have changed a
 * cell one's own text stays and the other's value is told; a row that was changed here and removed there becomes a new one.
 */
export function merged(mine: GridRow[], theirs: Rec[], start: Record<string, Value>): Merged {
  const present = new Map(theirs.map((record) => [record.id, record]));
  const clashes: Merged["clashes"] = {};
  const revived: string[] = [];
  const rows = mine.flatMap((row): GridRow[] => {
    if (row.id === undefined) return [row];
    const now = present.get(row.id);
    present.delete(row.id);
    const changes = changesOf(row);
    if (!now) {
      if (row.removed || Object.keys(changes).every((key) => key === "position")) return [];
      revived.push(row.key);
      return [{ ...newRow(row.key, start), draft: { ...row.base, ...row.draft }, refs: row.refs, unread: row.unread }];
    }
    for (const [key, value] of Object.entries(changes)) {
      const other = now.fields[key];
      if (key !== "position" && !isSame(other, row.base[key]) && !isSame(other, value)) (clashes[row.key] ??= {})[key] = other ?? null;
    }
    return [{ ...row, version: now.version, base: now.fields, draft: changes, refs: { ...now.refs, ...row.refs } }];
  });
  return { rows: [...rows, ...[...present.values()].map(rowOf)], clashes, revived };
}

/** Cells with what others have written there. */
export function toldOf({ clashes }: Pick<Merged, "clashes">, rows: GridRow[], words: (value: Value, row: GridRow) => string): Findings {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return Object.fromEntries(
    Object.entries(clashes).flatMap(([key, fields]) => {
      const row = byKey.get(key);
      // A cell is told of only while one's own value differs from the other's.
      return row ? [[key, Object.fromEntries(Object.entries(fields).flatMap(([field, other]) => (isSame(valueOf(row, field), other) ? [] : [[field, [words(other, row)]]])))]] : [];
    }),
  );
}
