import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Department, Line } from "./tree";

/** A department in the hand: over which line it is held; `null` is the top. */
export type Lifted = { department: Department; over: string | null };

type Keys = {
  lines: Line[];
  mayMove: boolean;
  onFold: (id: string, folded: boolean) => void;
  onChoose: (id: string) => void;
  onDrop: (department: Department, to: string | null) => void;
};

export const lineElement = (id: string | null) => document.getElementById(`department-${id ?? "top"}`);

/**
 * The tree under the keyboard: arrows walk and fold, Enter opens. Space takes a department up; then arrows choose under which one it goes,
 * Space or Enter puts it there, Escape puts it back. Every step is said aloud.
 */
export function useTreeKeys({ lines, mayMove, onFold, onChoose, onDrop }: Keys) {
  const { t } = useTranslation("people");
  const [lifted, setLifted] = useState<Lifted>();
  const [announcement, setAnnouncement] = useState("");
  const nameOf = (id: string | null) => (id === null ? t("top") : (lines.find((line) => line.department.id === id)?.department.name ?? ""));

  const hold = (key: string) => {
    if (!lifted) return false;
    const places = [null, ...lines.map((line) => line.department.id)];
    const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      const over = places[Math.min(places.length - 1, Math.max(0, places.indexOf(lifted.over) + step))] ?? null;
      setLifted({ ...lifted, over });
      setAnnouncement(t("heldOver", { name: lifted.department.name, over: nameOf(over) }));
      lineElement(over)?.scrollIntoView({ block: "nearest" });
    } else if (key === " " || key === "Enter") {
      setLifted(undefined);
      setAnnouncement("");
      if (lifted.over !== lifted.department.id) onDrop(lifted.department, lifted.over);
    } else if (key === "Escape" || key === "Tab") {
      setLifted(undefined);
      setAnnouncement(t("putBack", { name: lifted.department.name }));
      return key === "Escape";
    }
    return true;
  };

  const walk = (key: string, at: number) => {
    const line = lines[at];
    if (!line) return false;
    const go = (to: Line | undefined) => to && lineElement(to.department.id)?.focus();
    const { id } = line.department;
    switch (key) {
      case "ArrowDown":
        go(lines[at + 1]);
        return true;
      case "ArrowUp":
        go(lines[at - 1]);
        return true;
      case "Home":
        go(lines[0]);
        return true;
      case "End":
        go(lines.at(-1));
        return true;
      case "ArrowRight":
        if (line.children > 0 && !line.open) onFold(id, false);
        else if (line.children > 0) go(lines[at + 1]);
        return true;
      case "ArrowLeft":
        if (line.children > 0 && line.open) onFold(id, true);
        else go(lines.slice(0, at).findLast((it) => it.depth < line.depth));
        return true;
      case "Enter":
        onChoose(id);
        return true;
      case " ":
        if (!mayMove) return false;
        setLifted({ department: line.department, over: line.department.id });
        setAnnouncement(t("takenUp", { name: line.department.name }));
        return true;
      default:
        return false;
    }
  };

  const onKey = (event: KeyboardEvent, at: number) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    if (lifted ? hold(event.key) : walk(event.key, at)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return { lifted, announcement, setAnnouncement, onKey };
}
