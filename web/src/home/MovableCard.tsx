import { useDraggable, useDroppable } from "@dnd-kit/react";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconGripVertical, IconResize, IconSettings, IconX } from "@tabler/icons-react";
import { useCallback, useRef, type CSSProperties, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { HomeCard } from "~/api/home";
import { pointerExcept } from "~/ui/dragging";
import { WIDEST } from "./arranging";
import { CardBody } from "./CardBody";
import classes from "./Home.module.css";

const ROW = 80;
const GAP = 16;
const pointer = pointerExcept("button:not([data-grip])");

type Size = { width: number; height: number };
type Props = {
  card: HomeCard;
  name: string;
  style: CSSProperties;
  grid: RefObject<HTMLDivElement | null>;
  onStep: (by: number) => void;
  /** `held` while the handle is still in the hand. */
  onResize: (size: Size, held?: boolean) => void;
  onSettings: () => void;
  onRemove: () => void;
};

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** A card while the page is being arranged: it can be dragged, resized, set and taken away, by pointer and by keys. */
export function MovableCard({ card, name, style, grid, onStep, onResize, onSettings, onRemove }: Props) {
  const { t } = useTranslation("home");
  const { ref: drag, handleRef, isDragSource } = useDraggable({ id: card.id, type: "card", data: { name }, sensors: [pointer] });
  const { ref: drop, isDropTarget } = useDroppable({ id: `before:${card.id}`, accept: ["card", "entry"] });
  const both = useCallback(
    (element: Element | null) => {
      drag(element);
      drop(element);
    },
    [drag, drop],
  );
  const begun = useRef<{ x: number; y: number; size: Size; unit: number }>(undefined);
  const last = useRef<Size>(undefined);

  const onKeyMove = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onStep(by);
  };
  const onKeySize = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    onResize({ width: card.width + (sideways ? by : 0), height: card.height + (sideways ? 0 : by) });
  };
  const onGrasp = (event: PointerEvent<HTMLButtonElement>) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const unit = ((grid.current?.clientWidth ?? 1200) + GAP) / WIDEST;
    begun.current = { x: event.clientX, y: event.clientY, size: { width: card.width, height: card.height }, unit };
  };
  const onPull = (event: PointerEvent) => {
    const from = begun.current;
    if (!from) return;
    last.current = { width: from.size.width + (event.clientX - from.x) / from.unit, height: from.size.height + (event.clientY - from.y) / ROW };
    onResize(last.current, true);
  };
  const onLetGo = () => {
    if (begun.current && last.current) onResize(last.current);
    begun.current = undefined;
    last.current = undefined;
  };

  return (
    <section ref={both} className={classes.place} style={style} data-card={card.id} data-kind={card.kind} data-dragging={isDragSource || undefined} data-over={isDropTarget || undefined} aria-label={name}>
      <div className={classes.handles}>
        <ActionIcon ref={handleRef} id={`move-${card.id}`} size="sm" data-grip className={classes.grip} aria-label={t("move", { name })} aria-describedby="arrange-keys" onKeyDown={onKeyMove}>
          <IconGripVertical size={15} />
        </ActionIcon>
        <span className={classes.handled}>{name}</span>
        <ActionIcon size="sm" className={classes.onPhone} aria-label={t("earlier", { name })} onClick={() => onStep(-1)}>
          <IconArrowUp size={15} />
        </ActionIcon>
        <ActionIcon size="sm" className={classes.onPhone} aria-label={t("later", { name })} onClick={() => onStep(1)}>
          <IconArrowDown size={15} />
        </ActionIcon>
        <Tooltip label={t("settings")}>
          <ActionIcon size="sm" aria-label={t("settingsOf", { name })} onClick={onSettings}>
            <IconSettings size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t("remove")}>
          <ActionIcon size="sm" aria-label={t("removeOne", { name })} onClick={onRemove}>
            <IconX size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </div>
      {/* While one arranges, what is in a card is a picture of it. */}
      <div className={classes.inert} inert>
        <CardBody card={card} />
      </div>
      <button type="button" id={`size-${card.id}`} className={classes.corner} aria-label={t("size", { name, width: card.width, height: card.height })} onKeyDown={onKeySize} onPointerDown={onGrasp} onPointerMove={onPull} onPointerUp={onLetGo} onPointerCancel={onLetGo}>
        <IconResize size={14} aria-hidden />
      </button>
    </section>
  );
}

/** Behind the last card: what is dropped here comes to the end. */
function End({ empty }: { empty: boolean }) {
  const { t } = useTranslation("home");
  const { ref, isDropTarget } = useDroppable({ id: "end:", accept: ["card", "entry"] });
  return (
    <div ref={ref} className={classes.end} data-over={isDropTarget || undefined}>
      <span id="arrange-keys">{t(empty ? "dropFirst" : "dropHere")}</span>
    </div>
  );
}

MovableCard.End = End;
