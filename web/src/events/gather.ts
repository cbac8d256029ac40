import type { QueryKey } from "@tanstack/react-query";

/**
 * Gathers keys and hands them over together, a short while after the last one but never later than `longest` after the
 * first. A colleague's bulk act sends many hints; lists and totals are read once for all of them. The jitter keeps a
 * hundred open boards from asking in the same instant.
 */
export function gatherKeys(flush: (keys: QueryKey[]) => void, quiet = 350, longest = 2_000, jitter = 250) {
  const waiting = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = 0;

  const run = () => {
    timer = undefined;
    const keys = [...waiting.values()];
    waiting.clear();
    flush(keys);
  };
  return {
    add(keys: QueryKey[]) {
      if (keys.length === 0) return;
      for (const key of keys) waiting.set(JSON.stringify(key), key);
      const now = Date.now();
      if (timer === undefined) first = now;
      clearTimeout(timer);
      const left = Math.max(0, first + longest - now);
      timer = setTimeout(run, Math.min(left, quiet + Math.random() * jitter));
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      waiting.clear();
    },
  };
}
