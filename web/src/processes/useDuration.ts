import { useCallback, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { durationParts } from "./duration";

/** Tells seconds in the reader's language: "3d 4h", or with one part only "3d". */
export function useDuration(): (seconds: number, parts?: 1 | 2) => string {
  const { t } = useTranslation("processes");
  return useCallback(
    (seconds: number, parts = 2) =>
      durationParts(seconds)
        .slice(0, parts)
        .map(({ unit, count }) => t(`duration.${unit}`, { count }))
        .join(" "),
    [t],
  );
}

const TICK = 60_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present, to the minute; one clock for all cards of a board. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
