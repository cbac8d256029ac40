import { useEffect, useRef, useState } from "react";
import type { Rec } from "~/api/types";
import { isTyping } from "~/shell/useShellKeys";

type Acts = { onOpen: (row: Rec) => void; onEdit?: (row: Rec) => void; onMove?: (row: Rec) => void; onCreate?: () => void };

/** j and k walk through the rows; Enter opens, e edits, m moves, c creates. */
export function useListKeys(rows: Rec[], acts: Acts) {
  const [active, setActive] = useState(-1);
  const now = useRef({ rows, acts, active });
  useEffect(() => {
    now.current = { rows, acts, active };
  });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      const { rows, acts, active } = now.current;
      const row = rows[active];
      switch (event.key) {
        case "j":
          setActive(Math.min(active + 1, rows.length - 1));
          break;
        case "k":
          setActive(Math.max(active - 1, 0));
          break;
        case "Enter":
          // A link or button that has the focus takes the press itself.
          if (!row || (event.target as Element).closest("a, button")) return;
          acts.onOpen(row);
          break;
        case "e":
          if (!row || !acts.onEdit) return;
          acts.onEdit(row);
          break;
        case "m":
          if (!row || !acts.onMove) return;
          acts.onMove(row);
          break;
        case "c":
          if (!acts.onCreate) return;
          acts.onCreate();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return { active, setActive };
}
