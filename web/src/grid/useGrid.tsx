import { notifications } from "@mantine/notifications";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Value } from "~/api/types";
import type { GridActs, Place } from "./acts";
import type { Choice, Column } from "./columns";
import type { PastedRow } from "./pastePlan";
import { inserted, moved, newRow, removed, valueOf, withRow, written, type GridRow, type Written } from "./rows";
import { usePasting } from "./usePasting";
import { useRows } from "./useRows";

/** A record chosen in a row, and the cells that were given along with it. */
export type Chosen = { key: string; row: GridRow; column: Column; choice: Choice; given: string[] };

type Options = {
  initial: () => GridRow[];
  columns: Column[];
  currency: string;
  /** What new rows begin with. */
  start: Record<string, Value>;
  /** What follows from records that were chosen: the price of a product. */
  follows?: (chosen: Chosen[]) => Promise<Map<string, Written>>;
  onChange?: () => void;
};

let count = 0;
const nextKey = () => `new-${(count += 1)}`;

/** A grid's rows and what is done with them; every act can be undone. */
export function useGrid({ initial, columns, currency, start, follows, onChange }: Options) {
  const { t } = useTranslation("grid");
  const course = useRows(initial);
  const [opened, setOpened] = useState<string>();

  const settle = async (chosen: Chosen[], tag: string) => {
    if (!follows || chosen.length === 0) return;
    const more = await follows(chosen);
    course.change((rows) => rows.map((row) => {
      const what = more.get(row.key);
      return what ? written(row, what) : row;
    }), tag);
  };
  const take = (at: Place, pasted: PastedRow[]) => {
    const tag = nextKey();
    const keys: string[] = [];
    const targets = [...course.rows];
    pasted.forEach((_, down) => {
      targets[at.row + down] ??= newRow(nextKey(), start);
      keys.push(targets[at.row + down]!.key);
    });
    const next = targets.map((row, index) => (index >= at.row && index < at.row + pasted.length ? written(row, pasted[index - at.row]!.written) : row));
    course.change(() => next, tag);
    onChange?.();
    const chosen = pasted.flatMap((row, index) => row.choices.map(({ column, choice }) => ({ key: keys[index]!, row: next[at.row + index]!, column, choice, given: Object.keys(row.written.fields) })));
    void settle(chosen, tag);
    const missed = pasted.reduce((sum, row) => sum + Object.keys(row.written.unread ?? {}).length, 0);
    notifications.show({ color: missed > 0 ? "yellow" : undefined, message: [t("pasted", { count: pasted.length }), missed > 0 && t("notReadCount", { count: missed })].filter(Boolean).join(" · ") });
  };
  const pasting = usePasting({ columns, currency, onTaken: take });

  const latest = useRef({ course, columns, start, settle, pasting, onChange });
  useEffect(() => {
    latest.current = { course, columns, start, settle, pasting, onChange };
  });
  const acts = useMemo<GridActs>(() => {
    const change = (act: (rows: GridRow[]) => GridRow[], tag?: string) => {
      latest.current.onChange?.();
      latest.current.course.change(act, tag);
    };
    return {
      write: (key, what, tag) => change((rows) => withRow(rows, key, what), tag),
      choose: (key, column, choice) => {
        const tag = nextKey();
        const row = latest.current.course.rows.find((it) => it.key === key);
        if (!row) return;
        const { field } = column;
        const what: Written = choice ? { fields: { [field.key]: choice.id }, refs: { [choice.id]: { object: field.object ?? "", name: choice.name } } } : { fields: { [field.key]: null } };
        change((rows) => withRow(rows, key, what), tag);
        if (choice) void latest.current.settle([{ key, row, column, choice, given: [] }], tag);
      },
      remove: (key) => change((rows) => removed(rows, key)),
      insert: (at) => change((rows) => inserted(rows, at, newRow(nextKey(), latest.current.start))),
      repeat: (key) =>
        change((rows) => {
          const at = rows.findIndex((row) => row.key === key);
          const like = rows[at];
          if (!like) return rows;
          const fields = Object.fromEntries(latest.current.columns.map(({ field }) => [field.key, valueOf(like, field.key)]));
          return inserted(rows, at + 1, { ...written(newRow(nextKey(), latest.current.start), { fields, refs: like.refs }), unread: like.unread });
        }),
      move: (key, to) => change((rows) => moved(rows, key, to)),
      undo: () => (latest.current.onChange?.(), latest.current.course.undo()),
      redo: () => (latest.current.onChange?.(), latest.current.course.redo()),
      paste: (text, at) => void latest.current.pasting.begin(text, at),
      open: setOpened,
    };
  }, []);
  return { ...course, acts, pasting, opened, setOpened, openLast: () => setOpened(latest.current.course.rows.at(-1)?.key) };
}

export type GridState = ReturnType<typeof useGrid>;
