import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** Whether a key press belongs to something one types into, or to a dialog on top. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (!target?.closest) return false;
  return Boolean(target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=listbox], [role=menu]"));
}

/** Keys that work on every screen: the palette, help, and `g` followed by a place. */
export function useShellKeys({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) {
  const navigate = useNavigate();
  const going = useRef(0);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event)) return;
      if (event.key === "?") onHelp();
      else if (event.key === "g") going.current = Date.now();
      else if (Date.now() - going.current < 1200) {
        going.current = 0;
        const to = { h: "/", t: "/todo", b: "/o/opportunity/board", o: "/o/opportunity" }[event.key];
        if (to) {
          event.preventDefault();
          event.stopImmediatePropagation();
          void navigate({ to });
        }
      }
    };
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [navigate, onPalette, onHelp]);
}
