import { useCallback, useRef, useState, type PointerEvent as ReactPointer, type RefObject } from "react";

const BEGINS_AFTER = 5;
const EDGE = 36;

/** Drags a row by its number: a line shows between which rows it comes to lie. Near the edge the grid scrolls along. */
export function useRowDrag(scroller: RefObject<HTMLDivElement | null>, move: (key: string, to: number) => void) {
  const [line, setLine] = useState<number>();
  const ended = useRef<() => void>(undefined);
  const begin = useCallback(
    (event: ReactPointer, key: string, from: number) => {
      const frame = scroller.current;
      if (!frame || event.button !== 0) return;
      event.preventDefault();
      const start = event.clientY;
      let dragging = false;
      let gap = from;
      let pointer = start;
      let turn = 0;
      const look = () => {
        const box = frame.getBoundingClientRect();
        const rows = [...frame.querySelectorAll<HTMLElement>("tr[data-row]")];
        const under = rows.find((row) => pointer < row.getBoundingClientRect().top + row.offsetHeight / 2) ?? undefined;
        const last = rows.at(-1);
        gap = under ? Number(under.dataset.index) : Number(last?.dataset.index ?? 0) + 1;
        const edge = under ? under.getBoundingClientRect().top : (last?.getBoundingClientRect().bottom ?? box.bottom);
        setLine(edge - box.top + frame.scrollTop);
      };
      const scroll = () => {
        const box = frame.getBoundingClientRect();
        const step = pointer < box.top + EDGE ? -10 : pointer > box.bottom - EDGE ? 10 : 0;
        if (dragging && step !== 0) {
          frame.scrollTop += step;
          look();
        }
        turn = requestAnimationFrame(scroll);
      };
      const onMove = (now: PointerEvent) => {
        pointer = now.clientY;
        dragging ||= Math.abs(pointer - start) > BEGINS_AFTER;
        if (dragging) look();
      };
      const end = () => {
        cancelAnimationFrame(turn);
        removeEventListener("pointermove", onMove);
        removeEventListener("pointerup", onUp);
        removeEventListener("keydown", onKey, true);
        setLine(undefined);
        ended.current = undefined;
      };
      const onUp = () => {
        end();
        if (dragging) move(key, gap > from ? gap - 1 : gap);
      };
      const onKey = (pressed: KeyboardEvent) => {
        if (pressed.key !== "Escape") return;
        pressed.stopPropagation();
        end();
      };
      ended.current?.();
      ended.current = end;
      addEventListener("pointermove", onMove);
      addEventListener("pointerup", onUp);
      addEventListener("keydown", onKey, true);
      turn = requestAnimationFrame(scroll);
    },
    [scroller, move],
  );
  return { line, begin };
}
