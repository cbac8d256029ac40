import { useDraggable, useDroppable } from "@dnd-kit/react";
import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconAlarm, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Board, BoardColumn as Column, Rec, Refs } from "~/api/types";
import { useLabel } from "~/i18n";
import { pointerExcept } from "~/ui/dragging";
import { BoardCard, cardElement } from "./BoardCard";
import { ColumnTotals } from "./ColumnTotals";
import classes from "./board.module.css";
import type { BoardView } from "./boardFilter";
import { uniqueCards } from "./boardMoves";
import { useMoreCards } from "./useBoard";

const CARD_HEIGHT = 98;
const AHEAD = 8;

// The card's link is the card: only its button is left alone.
const pointer = pointerExcept("button");

interface Props {
  board: Board;
  column: Column;
  view: BoardView;
  processField: string;
  narrow: boolean;
  /** On a narrow screen one column fills the width. */
  full: boolean;
  mayMove: boolean;
  /** Cards whose move the server has not confirmed yet. */
  pending: ReadonlySet<string>;
  lifted?: { id: string; over: string };
  /** A card that has just been moved here by the keyboard and takes the focus again. */
  focus?: string;
  onFocused: () => void;
  onNarrow: (narrow: boolean) => void;
  onKey: (event: KeyboardEvent, card: Rec, column: string) => void;
  onMenu: (card: Rec) => void;
}

function DraggableCard({ card, stage, mayMove, ...rest }: { card: Rec; stage: string; mayMove: boolean } & Parameters<typeof BoardCard>[0]) {
  const { ref, isDragSource } = useDraggable({ id: card.id, data: { card, stage }, disabled: !mayMove, sensors: [pointer] });
  return (
    <div ref={ref} className={classes.dragSource} data-dragging={isDragSource || undefined}>
      <BoardCard card={card} {...rest} />
    </div>
  );
}

/** One stage of the board: its figures over all rows, and its cards, of which only the visible ones are drawn. */
export function BoardColumn(props: Props) {
  const { board, column, view, processField, narrow, full, mayMove, pending, lifted, focus, onFocused, onNarrow, onKey, onMenu } = props;
  const { t } = useTranslation("processes");
  const label = useLabel();
  const stage = label(column.label);
  const open = column.type === "in_progress";
  const { ref: dropRef, isDropTarget } = useDroppable({ id: column.stage });
  const scroller = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState(false);
  const more = useMoreCards(view, processField, board.process.id, column, wanted && !narrow);

  const cards = useMemo(() => {
    const elsewhere = new Set(board.columns.filter((it) => it !== column).flatMap((it) => it.items.map((card) => card.id)));
    return uniqueCards(column.items, more.cards.filter((card) => !elsewhere.has(card.id)));
  }, [board, column, more.cards]);

  const virtual = useVirtualizer({
    count: narrow ? 0 : cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT,
    getItemKey: (index) => cards[index]?.id ?? index,
    overscan: 6,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, fetchNextPage } = more;

  useEffect(() => {
    if (narrow || last < cards.length - AHEAD || !column.next_cursor) return;
    if (!wanted) setWanted(true);
    else if (hasNextPage && !isFetching) void fetchNextPage();
  }, [narrow, last, cards.length, column.next_cursor, wanted, hasNextPage, isFetching, fetchNextPage]);

  useEffect(() => {
    if (!focus) return;
    const index = cards.findIndex((card) => card.id === focus);
    if (index === -1) return;
    virtual.scrollToIndex(index);
    const frame = requestAnimationFrame(() => {
      cardElement(focus)?.focus();
      onFocused();
    });
    return () => cancelAnimationFrame(frame);
  }, [focus, cards, virtual, onFocused]);

  const refs: Refs = board.refs;
  const over = isDropTarget || lifted?.over === column.stage;

  if (narrow) {
    return (
      <section ref={dropRef} className={classes.narrow} data-over={over || undefined} data-type={column.type} aria-label={stage}>
        <Tooltip label={t("openColumn", { stage })} position="right">
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("openColumn", { stage })} onClick={() => onNarrow(false)}>
            <IconChevronRight size={16} />
          </ActionIcon>
        </Tooltip>
        <span className={classes.narrowCount}>{column.count.toLocaleString()}</span>
        <span className={classes.narrowName}>{stage}</span>
      </section>
    );
  }

  return (
    <section ref={dropRef} className={classes.column} data-over={over || undefined} data-type={column.type} aria-label={stage}>
      <header className={classes.head}>
        <div className={classes.headTop}>
          <h2 className={classes.headName}>{stage}</h2>
          <span className={classes.count} title={t("cards", { count: column.count })}>
            {column.count.toLocaleString()}
          </span>
          {column.overdue > 0 && (
            <Tooltip label={t("overdueCount", { count: column.overdue })}>
              <span className={classes.late} tabIndex={0} role="img" aria-label={t("overdueCount", { count: column.overdue })}>
                <IconAlarm size={13} aria-hidden="true" /> {column.overdue}
              </span>
            </Tooltip>
          )}
          {!open && !full && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              ml="auto"
              aria-label={t("closeColumn", { stage })}
              onClick={() => onNarrow(true)}
            >
              <IconChevronLeft size={16} />
            </ActionIcon>
          )}
        </div>
        <ColumnTotals column={column} mainCurrency={board.main_currency} />
      </header>
      <div ref={scroller} className={classes.cards} tabIndex={-1}>
        {cards.length === 0 ? (
          <Text size="sm" c="dimmed" ta="center" py="lg">
            {t("columnEmpty")}
          </Text>
        ) : (
          <ul className={classes.list} style={{ height: virtual.getTotalSize() }}>
            {rows.map((row) => {
              const card = cards[row.index];
              if (!card) return null;
              return (
                <li
                  key={card.id}
                  ref={virtual.measureElement}
                  data-index={row.index}
                  className={classes.slot}
                  style={{ transform: `translateY(${row.start}px)` }}
                  aria-posinset={row.index + 1}
                  aria-setsize={column.count}
                  aria-busy={pending.has(card.id) || undefined}
                >
                  <DraggableCard
                    card={card}
                    stage={column.stage}
                    mayMove={mayMove}
                    refs={refs}
                    open={open}
                    lifted={lifted?.id === card.id}
                    onKey={(event, it) => onKey(event, it, column.stage)}
                    onMenu={mayMove ? onMenu : undefined}
                  />
                </li>
              );
            })}
          </ul>
        )}
        {isFetching && wanted && (
          <Text size="xs" c="dimmed" ta="center" py={4} role="status">
            {t("loadingMore")}
          </Text>
        )}
      </div>
    </section>
  );
}
