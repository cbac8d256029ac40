import { useEffect, useRef, useState } from "react";
import type { TodoItem } from "~/api/todo";
import { isTyping } from "~/shell/useShellKeys";

type Acts = { onOpen: (item: TodoItem) => void; onComplete: (item: TodoItem) => void; onPostpone: (item: TodoItem) => void; onAdd: () => void };

/** j and k walk; x ticks off, p puts off, Enter opens, c begins a task. The row that comes into the place of one ticked off is the next. */
export function useTodoKeys(items: TodoItem[], acts: Acts) {
  const [chosen, setChosen] = useState(-1);
  const active = Math.min(chosen, items.length - 1);
  const now = useRef({ items, acts, active });
  useEffect(() => {
    now.current = { items, acts, active };
  });
  useEffect(() => {
    if (active >= 0) document.querySelector("[aria-current=true][data-active]")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      const { items, acts, active } = now.current;
      const item = items[active];
      switch (event.key) {
        case "j":
          setChosen(Math.min(active + 1, items.length - 1));
          break;
        case "k":
          setChosen(Math.max(active - 1, 0));
          break;
        case "x":
          if (!item) return;
          acts.onComplete(item);
          break;
        case "p":
          if (!item) return;
          acts.onPostpone(item);
          break;
        case "Enter":
          // A link or button that has the focus takes the press itself.
          if (!item || (event.target as Element).closest("a, button, input")) return;
          acts.onOpen(item);
          break;
        case "c":
          acts.onAdd();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return { active };
}
