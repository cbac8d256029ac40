import { useEffect, useState } from "react";

const WINDOW = 8_000;

type Mark = { at: number; done: number };

/** Rows a second over the last seconds; nothing before there are two looks at it. */
export function useRate(id: string, done: number): number | undefined {
  const [marks, setMarks] = useState<{ id: string; list: Mark[] }>({ id, list: [] });
  useEffect(() => {
    const at = performance.now();
    setMarks((now) => {
      const list = now.id === id ? now.list.filter((mark) => at - mark.at < WINDOW && mark.done <= done) : [];
      return { id, list: [...list, { at, done }] };
    });
  }, [id, done]);
  const [first, last] = [marks.list[0], marks.list.at(-1)];
  if (!first || !last || last.done <= first.done) return undefined;
  return (1000 * (last.done - first.done)) / (last.at - first.at);
}
