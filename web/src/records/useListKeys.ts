import { useEffect, useRef, useState } from "react";
import type { Rec } from "~/api/types";
import type { ListGroup } from "~/api/views";
import { isTyping } from "~/shell/useShellKeys";
import type { Line } from "./lines";

type Acts = {
  onOpen: (row: Rec) => void;
  onEdit?: (row: Rec) => void;
  onMove?: (row: Rec) => void;
  onCreate?: () => void;
  onFold?: (group: ListGroup) => void;
  /** Choose the row for an act on many; `range` chooses all from the last one on. */
  onSelect?: (row: Rec, range: boolean) => void;
};

/** j and k walk through the lines; Enter opens or unfolds, e edits, m moves, x selects, c creates. */
export function useListKeys(lines: Line[], acts: Acts) {
  const [active, setActive] = useState(-1);
  const now = useRef({ lines, acts, active });
  useEffect(() => {
    now.current = { lines, acts, active };
  });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      const { lines, acts, active } = now.current;
      const line = lines[active];
      const row = line?.kind === "row" ? line.row : undefined;
      switch (event.key) {
        case "j":
          setActive(Math.min(active + 1, lines.length - 1));
          break;
        case "k":
          setActive(Math.max(active - 1, 0));
          break;
        case "Enter":
          // A link or button that has the focus takes the press itself.
          if (!line || (event.target as Element).closest("a, button")) return;
          if (row) acts.onOpen(row);
          else if (line.kind === "group") acts.onFold?.(line.group);
          break;
        case "e":
          if (!row || !acts.onEdit) return;
          acts.onEdit(row);
          break;
        case "m":
          if (!row || !acts.onMove) return;
          acts.onMove(row);
          break;
        case "x":
        case "X":
          if (!row || !acts.onSelect) return;
          acts.onSelect(row, event.shiftKey);
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
