import { useCallback, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Board, Rec } from "~/api/types";
import { labelIn, useLanguage } from "~/i18n";
import { neighbourStage } from "./boardMoves";

/** A card picked up by the keyboard: where it came from and which column it hovers over. */
export interface Lifted {
  card: Rec;
  from: string;
  over: string;
}

/**
 * Dragging without a pointer: Space picks a card up, left and right choose a column, Space or Enter moves, Escape puts it back.
 * Columns and not pixels are the steps, and each step is said aloud.
 */
export function useKeyboardDrag(board: Board | undefined, drop: (lifted: Lifted) => void) {
  const { t } = useTranslation("processes");
  const language = useLanguage();
  const [lifted, setLifted] = useState<Lifted>();
  const [announcement, setAnnouncement] = useState("");

  const stageName = useCallback(
    (key: string) => {
      const column = board?.columns.find((it) => it.stage === key);
      return column ? labelIn(column.label, language) : key;
    },
    [board, language],
  );

  /** Whether the key was one of the drag's own. */
  const onKey = useCallback(
    (event: KeyboardEvent, card: Rec, column: string): boolean => {
      if (!board) return false;
      const stages = board.columns.map((it) => it.stage);
      const name = String(card.fields["name"] ?? t("unnamed"));
      if (!lifted) {
        if (event.key !== " ") return false;
        setLifted({ card, from: column, over: column });
        setAnnouncement(t("picked", { name, stage: stageName(column) }));
      } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        const over = neighbourStage(stages, lifted.over, event.key === "ArrowRight" ? 1 : -1);
        setLifted({ ...lifted, over });
        setAnnouncement(t("over", { name, stage: stageName(over), position: stages.indexOf(over) + 1, count: stages.length }));
        document.getElementById(`column-${over}`)?.scrollIntoView({ block: "nearest", inline: "nearest" });
      } else if (event.key === " " || event.key === "Enter") {
        setLifted(undefined);
        if (lifted.over === lifted.from) setAnnouncement(t("putBack", { name, stage: stageName(lifted.from) }));
        else {
          setAnnouncement(t("dropped", { name, stage: stageName(lifted.over) }));
          drop(lifted);
        }
      } else if (event.key === "Escape" || event.key === "Tab") {
        setLifted(undefined);
        setAnnouncement(t("putBack", { name, stage: stageName(lifted.from) }));
        if (event.key === "Tab") return false;
      } else {
        // While a card is in the hand, no other shortcut of the page may answer.
        event.stopPropagation();
        return true;
      }
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
    [board, lifted, drop, stageName, t],
  );
  return { lifted, announcement, setAnnouncement, onKey, stageName };
}
