import { useCallback, useState } from "react";

const PREFIX = "stagecraft-draft-";
const KEPT_FOR = 30 * 24 * 3_600_000;

type Kept<T> = { at: number; value: T };

function read<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(PREFIX + key);
    return text ? (JSON.parse(text) as Kept<T>).value : undefined;
  } catch {
    // A browser that keeps nothing, or what another version has written: one begins anew.
    return undefined;
  }
}

function write<T>(key: string, value: T | undefined) {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), value } satisfies Kept<T>));
  } catch {
    // Full or forbidden: the draft then lives as long as the screen.
  }
}

/** Forgets drafts that nobody has come back to. Called once, when the app begins. */
export function forgetOldDrafts(now = Date.now()) {
  try {
    for (const key of Object.keys(localStorage).filter((it) => it.startsWith(PREFIX))) {
      const { at } = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Kept<unknown>>;
      if (!at || now - at > KEPT_FOR) localStorage.removeItem(key);
    }
  } catch {
    // Nothing kept, nothing to forget.
  }
}

/** A value that outlives the screen, the window and a power cut, until it is cleared: what somebody has begun to write. */
export function useDraft<T>(key: string, empty: T): { draft: T; setDraft: (next: T) => void; clear: () => void } {
  const [draft, keep] = useState<T>(() => read<T>(key) ?? empty);
  const setDraft = useCallback(
    (next: T) => {
      keep(next);
      write(key, next);
    },
    [key],
  );
  const clear = () => {
    keep(empty);
    write(key, undefined);
  };
  return { draft, setDraft, clear };
}
