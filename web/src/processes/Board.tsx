import type { Draggable } from "@dnd-kit/dom";
import { DragDropProvider, DragOverlay } from "@dnd-kit/react";
import { ActionIcon, Button, Text, VisuallyHidden } from "@mantine/core";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useMe, useObject } from "~/api/queries";
import type { Board as BoardData, Rec } from "~/api/types";
import { RecordDialog } from "~/records/RecordDialog";
import { isTyping } from "~/shell/useShellKeys";
import { ownWords } from "~/ui/dragging";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { BoardCard, cardElement } from "./BoardCard";
import { BoardColumn } from "./BoardColumn";
import { BoardFilters } from "./BoardFilters";
import { BoardSkeleton } from "./BoardSkeleton";
import { StageTabs } from "./StageTabs";
import classes from "./board.module.css";
import { viewOfSearch, type BoardView } from "./boardFilter";
import { PROCESS_FIELD } from "./fieldsOfProcess";
import { useBoard, useProcesses } from "./useBoard";
import { useKeyboardDrag } from "./useKeyboardDrag";
import { useMoveFlow } from "./useMoveFlow";

/** The pipeline as a board: a column for each stage, a card for each opportunity. */
export function Board() {
  const { t } = useTranslation("processes");
  const me = useMe();
  const navigate = useNavigate();
  const view = viewOfSearch(useSearch({ strict: false }));
  const setView = useCallback(
    (change: Partial<BoardView>) =>
      void navigate({
        to: ".",
        search: (previous: Record<string, unknown>) => ({ ...previous, ...change }) as never,
        replace: true,
      }),
    [navigate],
  );

  const processes = useProcesses();
  const active = useMemo(() => (processes.data?.items ?? []).filter((it) => it.active), [processes.data]);
  const process = active.find((it) => it.id === view.process) ?? active[0];
  const board = useBoard(view, process?.id);
  const data = board.data;

  const phone = useMediaQuery("(max-width: 48em)");
  const [wide, setWide] = useLocalStorage<string[]>({ key: "stagecraft.board.wide", defaultValue: [] });
  const [focus, setFocus] = useState<string>();
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const columns = useRef<HTMLDivElement>(null);
  const flow = useMoveFlow();
  const opportunity = useObject("opportunity");
  const mayMove = me.acts["opportunity"]?.includes("move") ?? false;
  const mayCreate = me.acts["opportunity"]?.includes("create") ?? false;
  const [creating, setCreating] = useState(false);

  // "c" creates, as on every list.
  useEffect(() => {
    if (!mayCreate) return;
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "c" || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      event.preventDefault();
      setCreating(true);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [mayCreate]);

  const { moveAhead } = board;
  const moveCard = useCallback(
    async (card: Rec, from: string, to: string, refocus = false) => {
      if (from === to) return;
      const settle = (moving: boolean) =>
        setPending((now) => {
          const next = new Set(now);
          if (moving) next.add(card.id);
          else next.delete(card.id);
          return next;
        });
      // Known as busy before the card shows in its new column: the cache draws at once, a plain state change a moment later.
      flushSync(() => settle(true));
      const putBack = await moveAhead(card, from, to);
      if (refocus) setFocus(card.id);
      flow.start({
        card,
        to,
        onMoved: () => settle(false),
        onKept: () => {
          settle(false);
          putBack();
          if (refocus) setFocus(card.id);
        },
      });
    },
    [moveAhead, flow],
  );

  const keyboard = useKeyboardDrag(
    data,
    useCallback((lifted) => void moveCard(lifted.card, lifted.from, lifted.over, true), [moveCard]),
  );

  const chooseStage = (card: Rec) => flow.start({ card });
  const onKey = (event: KeyboardEvent, card: Rec, column: string) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (mayMove && keyboard.onKey(event, card, column)) return;
    if (mayMove && event.key === "m") chooseStage(card);
    else if (!walk(event, column, data)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (processes.isError) return <ErrorState error={processes.error} onRetry={() => void processes.refetch()} />;
  if (processes.isSuccess && !process) return <EmptyState title={t("noProcess")}>{t("noProcessHint")}</EmptyState>;

  return (
    <Page
      title={t("board")}
      fill
      actions={
        <>
          <BoardFilters view={view} onChange={setView} processes={active} process={process?.id} phone={phone ?? false} />
          {mayCreate && phone && (
            <ActionIcon variant="filled" color="brand" size={36} aria-label={t("newOpportunity")} onClick={() => setCreating(true)}>
              <IconPlus size={18} />
            </ActionIcon>
          )}
          {mayCreate && !phone && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
              {t("newOpportunity")}
            </Button>
          )}
        </>
      }
    >
      <VisuallyHidden id="board-card-help">{t("cardHelp")}</VisuallyHidden>
      <VisuallyHidden role="status" aria-live="assertive">
        {keyboard.announcement}
      </VisuallyHidden>
      {board.isError && <ErrorState error={board.error} onRetry={() => void board.refetch()} />}
      {!data && !board.isError && <BoardSkeleton />}
      {data && (
        <DragDropProvider
          plugins={ownWords}
          sensors={[]}
          onDragEnd={(event) => {
            const { source, target } = event.operation;
            if (event.canceled || !source || !target) return;
            const { card, stage } = source.data as { card: Rec; stage: string };
            void moveCard(card, stage, String(target.id));
          }}
        >
          {phone && <StageTabs columns={data.columns} container={columns} />}
          <div ref={columns} className={classes.board} data-phone={phone || undefined} aria-busy={board.isPlaceholderData}>
            {data.columns.map((column) => (
              <div key={column.stage} id={`column-${column.stage}`} className={classes.place}>
                <BoardColumn
                  board={data}
                  column={column}
                  view={view}
                  processField={PROCESS_FIELD}
                  narrow={!phone && column.type !== "in_progress" && !wide.includes(column.stage)}
                  full={phone ?? false}
                  mayMove={mayMove}
                  pending={pending}
                  lifted={keyboard.lifted && { id: keyboard.lifted.card.id, over: keyboard.lifted.over }}
                  focus={focus}
                  onFocused={() => setFocus(undefined)}
                  onNarrow={(narrow) => setWide((now) => (narrow ? now.filter((it) => it !== column.stage) : [...now, column.stage]))}
                  onKey={onKey}
                  onMenu={chooseStage}
                />
              </div>
            ))}
          </div>
          <DragOverlay>
            {(source: Draggable) => <BoardCard card={(source.data as { card: Rec }).card} refs={data.refs} open picture />}
          </DragOverlay>
        </DragDropProvider>
      )}
      {data && data.columns.every((it) => it.count === 0) && (
        <Text c="dimmed" ta="center" py="xl">
          {t("columnEmpty")}
        </Text>
      )}
      {flow.dialog}
      {creating && opportunity && (
        <RecordDialog object={opportunity} given={process && { sales_process: process.id }} onClose={() => setCreating(false)} />
      )}
    </Page>
  );
}

// Arrow keys (and j, k) walk over the cards: up and down in a column, left and right to the nearest column with cards.
function walk(event: KeyboardEvent, column: string, board: BoardData | undefined): boolean {
  const links = (stage: string) => [...document.querySelectorAll<HTMLAnchorElement>(`[id="column-${stage}"] a[id^="card-"]`)];
  const here = links(column);
  const index = here.findIndex((link) => link === document.activeElement);
  const go = (link: HTMLAnchorElement | undefined) => {
    if (!link) return false;
    cardElement(link.id.slice("card-".length))?.focus();
    return true;
  };
  switch (event.key) {
    case "ArrowDown":
    case "j":
      return go(here[index + 1]);
    case "ArrowUp":
    case "k":
      return go(here[index - 1]);
    case "ArrowRight":
    case "ArrowLeft": {
      const stages = board?.columns.map((it) => it.stage) ?? [];
      const step = event.key === "ArrowRight" ? 1 : -1;
      for (let at = stages.indexOf(column) + step; at >= 0 && at < stages.length; at += step) {
        const there = links(stages[at] ?? "");
        if (there.length > 0) return go(there[Math.min(index, there.length - 1)]);
      }
      return false;
    }
    default:
      return false;
  }
}
