import { useCallback, useEffect, useRef, useState } from "react";
import type { HomeCard } from "~/api/home";
import { isTyping } from "~/shell/useShellKeys";
import { sameCards } from "./arranging";

const MOST = 100;

/** The cards as they are being arranged, with every step to go back. */
export function useArranging(from: HomeCard[]) {
  const [steps, setSteps] = useState<HomeCard[][]>([from]);
  const [held, setHeld] = useState<HomeCard[]>();
  const cards = held ?? steps.at(-1) ?? from;
  const now = useRef(cards);
  now.current = cards;

  /** A step that can be undone. What changes nothing is none. */
  const put = useCallback((next: HomeCard[]) => {
    setHeld(undefined);
    setSteps((all) => (sameCards(all.at(-1) ?? [], next) ? all : [...all.slice(-MOST), next]));
  }, []);
  /** Shows what would be, while something is in the hand; `undefined` lets go of it. */
  const hold = useCallback((next: HomeCard[] | undefined) => setHeld(next), []);
  const undo = useCallback(() => setSteps((all) => (all.length > 1 ? all.slice(0, -1) : all)), []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping(event)) return;
      event.preventDefault();
      undo();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [undo]);

  return { cards, now, put, hold, undo, canUndo: steps.length > 1, changed: !sameCards(cards, from) };
}

export type Arranging = ReturnType<typeof useArranging>;
