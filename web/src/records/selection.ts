import { useCallback, useMemo, useState } from "react";
import type { Rec } from "~/api/types";

/** Chosen records by id, or all that match what the list asks for. */
export type Chosen = { all: true } | { all: false; ids: ReadonlySet<string> };
export const NOBODY: Chosen = { all: false, ids: new Set() };

/** After a click on a row's box; with a range all rows from the last one clicked get the state of that one. */
export function toggled(chosen: Chosen, rows: Rec[], id: string, anchor: string | undefined, range: boolean): Chosen {
  const ids = new Set(chosen.all ? rows.map((row) => row.id) : chosen.ids);
  const on = !ids.has(id);
  const from = range && anchor !== undefined ? rows.findIndex((row) => row.id === anchor) : -1;
  const to = rows.findIndex((row) => row.id === id);
  const touched = from < 0 || to < 0 ? [id] : rows.slice(Math.min(from, to), Math.max(from, to) + 1).map((row) => row.id);
  for (const one of touched) {
    if (on) ids.add(one);
    else ids.delete(one);
  }
  return { all: false, ids };
}

/** What is chosen in a list. It is forgotten when the list asks for something else (`question`). */
export function useSelection(rows: Rec[], question: string) {
  const [state, setState] = useState<{ chosen: Chosen; anchor?: string; question: string }>({ chosen: NOBODY, question });
  const { chosen, anchor } = state.question === question ? state : { chosen: NOBODY, anchor: undefined };
  const set = useCallback((chosen: Chosen, anchor?: string) => setState({ chosen, anchor, question }), [question]);
  return useMemo(() => {
    const has = (id: string) => chosen.all || chosen.ids.has(id);
    const onPage = rows.filter((row) => has(row.id)).length;
    return {
      chosen,
      has,
      any: chosen.all || chosen.ids.size > 0,
      page: onPage === 0 ? ("none" as const) : onPage === rows.length ? ("all" as const) : ("some" as const),
      toggle: (id: string, range: boolean) => set(toggled(chosen, rows, id, anchor, range), id),
      togglePage: () => set(onPage > 0 && onPage === rows.length ? NOBODY : { all: false, ids: new Set([...(chosen.all ? [] : chosen.ids), ...rows.map((row) => row.id)]) }),
      choosePage: () => set({ all: false, ids: new Set(rows.map((row) => row.id)) }),
      chooseAll: () => set({ all: true }),
      clear: () => set(NOBODY),
    };
  }, [chosen, anchor, rows, set]);
}

export type Selection = ReturnType<typeof useSelection>;
