/** What has been done on a screen, step by step, so that each can be taken back and done again. */
export type History<T> = {
  past: T[];
  now: T;
  future: T[];
  /** What the last step was about, and when: typing on in the same place is one step. */
  last?: { what: string; at: number };
};

const MOST_STEPS = 200;
const ONE_STEP = 1_500;

export const begun = <T>(now: T): History<T> => ({ past: [], now, future: [] });

/** After a step. Steps about the same thing that follow each other closely are one. */
export function done<T>(history: History<T>, next: T, what?: string, at = Date.now()): History<T> {
  if (next === history.now) return history;
  const last = what === undefined ? undefined : { what, at };
  if (history.last && last && history.last.what === what && at - history.last.at < ONE_STEP) return { ...history, now: next, future: [], last };
  return { past: [...history.past, history.now].slice(-MOST_STEPS), now: next, future: [], last };
}

export function undone<T>({ past, now, future }: History<T>): History<T> {
  const before = past.at(-1);
  return before === undefined ? { past, now, future } : { past: past.slice(0, -1), now: before, future: [now, ...future] };
}

export function redone<T>({ past, now, future }: History<T>): History<T> {
  const [after, ...rest] = future;
  return after === undefined ? { past, now, future } : { past: [...past, now], now: after, future: rest };
}
