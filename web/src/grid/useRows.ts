import { useCallback, useMemo, useState } from "react";
import type { GridRow } from "./rows";

const MOST_STEPS = 200;

type Course = { now: GridRow[]; past: GridRow[][]; future: GridRow[][]; tag?: string };
export type Change = (rows: GridRow[]) => GridRow[];

/** Rows with the steps that led to them. Changes of one tag that follow each other are one step: what is typed into a cell while one stands in it. */
export function useRows(initial: () => GridRow[]) {
  const [course, setCourse] = useState<Course>(() => ({ now: initial(), past: [], future: [] }));
  const change = useCallback((act: Change, tag?: string) => {
    setCourse((it) => {
      const next = act(it.now);
      if (next === it.now) return it;
      const past = tag !== undefined && tag === it.tag ? it.past : [...it.past.slice(-MOST_STEPS), it.now];
      return { now: next, past, future: [], tag };
    });
  }, []);
  const undo = useCallback(() => setCourse((it) => (it.past.length > 0 ? { now: it.past.at(-1)!, past: it.past.slice(0, -1), future: [it.now, ...it.future] } : it)), []);
  const redo = useCallback(() => setCourse((it) => (it.future.length > 0 ? { now: it.future[0]!, past: [...it.past, it.now], future: it.future.slice(1) } : it)), []);
  /** Begins anew with other rows; what led there is forgotten. */
  const reset = useCallback((rows: GridRow[]) => setCourse({ now: rows, past: [], future: [] }), []);
  return useMemo(() => ({ rows: course.now, change, undo, redo, reset, canUndo: course.past.length > 0, canRedo: course.future.length > 0 }), [course, change, undo, redo, reset]);
}

export type Rows = ReturnType<typeof useRows>;
