import { useRef, useState } from "react";
import { useObjects } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import type { Place } from "./acts";
import { lookUpAll } from "./choices";
import type { Choice, Column } from "./columns";
import { tableOf } from "./paste";
import { layoutOf, namesIn, notUnderstood, readTable, type Layout, type PastedRow } from "./pastePlan";

/** A table that waits to be looked at before it is taken. */
export type Pasting = { at: Place; layout: Layout; rows: PastedRow[] };

type Options = { columns: Column[]; currency: string; onTaken: (at: Place, rows: PastedRow[]) => void };

/** Reads pasted tables: names are looked up, each once. One that is as the grid is, and wholly understood, is taken at once. */
export function usePasting({ columns, currency, onTaken }: Options) {
  const objects = useObjects();
  const [pasting, setPasting] = useState<Pasting>();
  const known = useRef(new Map<string, Choice | undefined>());
  const keyOf = (column: Column, name: string) => `${column.field.object ?? column.field.type}/${name.trim().toLowerCase()}`;

  const read = async (layout: Layout): Promise<PastedRow[]> => {
    for (const [column, names] of namesIn(layout)) {
      const object: ObjectDef | undefined = objects.find((it) => it.key === (column.field.object ?? column.field.type));
      const unknown = names.filter((name) => !known.current.has(keyOf(column, name)));
      if (!object || unknown.length === 0) continue;
      const found = await lookUpAll(object, unknown, column.offers).catch(() => new Map<string, Choice>());
      for (const name of unknown) known.current.set(keyOf(column, name), found.get(name.trim().toLowerCase()));
    }
    return readTable(layout, currency, (column, name) => known.current.get(keyOf(column, name)));
  };
  const begin = async (text: string, at: Place) => {
    // What was not found a while ago may have been created meanwhile.
    known.current.clear();
    const open = columns.filter((column) => !column.apart);
    const layout = layoutOf(tableOf(text), columns, Math.max(0, columns.indexOf(open[at.column]!)));
    const rows = await read(layout);
    if (layout.plain && notUnderstood(rows) === 0) onTaken(at, rows);
    else setPasting({ at, layout, rows });
  };
  return {
    pasting,
    begin,
    relay: async (layout: Layout) => {
      const rows = await read(layout);
      setPasting((now) => now && { ...now, layout, rows });
    },
    take: () => {
      if (pasting) onTaken(pasting.at, pasting.rows);
      setPasting(undefined);
    },
    giveUp: () => setPasting(undefined),
  };
}
