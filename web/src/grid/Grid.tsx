import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "~/i18n";
import type { GridActs, Place } from "./acts";
import { isFigure, type Column } from "./columns";
import classes from "./grid.module.css";
import { GridLine } from "./GridLine";
import { isTable } from "./paste";
import { RowMenu, type MenuAt } from "./RowMenu";
import type { GridRow } from "./rows";
import { useRowDrag } from "./useRowDrag";

/** From this many rows on only those in sight are drawn. */
const MANY = 60;
const ROW = 37;

export type Findings = Record<string, Record<string, string[]>>;

export type RowHeads = { title: string; width: number; text: (row: GridRow) => string; show: (row: GridRow) => ReactNode };

type Props = {
  label: string;
  columns: Column[];
  rows: GridRow[];
  findings: Findings;
  /** Of amounts that are typed without one. */
  currency: string;
  acts: GridActs;
  readOnly?: boolean;
  /** Whether rows may be put in another order. */
  ordered?: boolean;
  /** The rows are those that there are: none is added or taken away. */
  fixed?: boolean;
  /** What rows are called, where a number says too little. */
  heads?: RowHeads;
  /** Where one begins to write at once. */
  autoFocus?: boolean;
  /** A row that was added from outside, in which one goes on. */
  begun?: { row: number };
};

/** The cell that takes the keyboard: its first input. */
const inputOf = (cell: Element | null | undefined) => cell?.querySelector<HTMLElement>("input:not([type=hidden]):not(:disabled), textarea, button");

/**
 * Rows and columns of inputs. Enter and the arrows walk from cell to cell, Tab along the row; cells of a spreadsheet may be pasted. Of many
 * rows only those in sight are drawn, and of those only the ones that change are drawn anew.
 */
export function Grid({ label: name, columns: all, rows, findings, currency, acts, readOnly, ordered, fixed, heads, autoFocus, begun }: Props) {
  const { t } = useTranslation("grid");
  const label = useLabel();
  const scroller = useRef<HTMLDivElement>(null);
  const columns = all.filter((column) => !column.apart);
  const [menu, setMenu] = useState<MenuAt>();
  const drag = useRowDrag(scroller, acts.move);
  const many = rows.length > MANY;
  const virtual = useVirtualizer({ count: rows.length, enabled: many, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8, scrollPaddingStart: 34, getItemKey: (index) => rows[index]?.key ?? index });
  const drawn = many ? virtual.getVirtualItems().map((item) => item.index) : rows.map((_, index) => index);
  const above = many ? (virtual.getVirtualItems()[0]?.start ?? 0) : 0;
  const below = many ? virtual.getTotalSize() - (virtual.getVirtualItems().at(-1)?.end ?? 0) : 0;

  const goTo = (row: number, column: number, tries = 6) => {
    const input = inputOf(scroller.current?.querySelector(`[data-cell="${row}-${column}"]`));
    if (input) {
      input.focus({ preventScroll: many });
      if (many) keepInSight(scroller.current, input);
    } else if (tries > 0) {
      if (many) virtual.scrollToIndex(row);
      requestAnimationFrame(() => goTo(row, column, tries - 1));
    }
  };
  // A row that was added is where one goes on, as soon as it is drawn.
  const wanted = useRef<Place>(undefined);
  useEffect(() => {
    if (begun) wanted.current = { row: begun.row, column: columns.findIndex((column) => !column.shows) };
    // The columns are those of the moment at which the row was added.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [begun]);
  useEffect(() => {
    if (!wanted.current || wanted.current.row >= rows.length) return;
    const { row, column } = wanted.current;
    wanted.current = undefined;
    goTo(row, column);
  });
  const placeOf = (target: EventTarget): Place | undefined => {
    const [row = NaN, column = NaN] = ((target as HTMLElement).closest<HTMLElement>("[data-cell]")?.dataset.cell ?? "").split("-").map(Number);
    return Number.isNaN(row) ? undefined : { row, column };
  };
  const stops = columns.flatMap((column, index) => (column.shows ? [] : [index]));
  const onKey = (event: KeyboardEvent) => {
    const place = placeOf(event.target);
    if (event.nativeEvent.isComposing || !place || event.defaultPrevented) return;
    const { row, column } = place;
    const target = event.target as HTMLElement;
    // In a list that is open, arrows and Enter are the list's.
    const listed = target.getAttribute("aria-expanded") === "true";
    const key = rows[row]?.key;
    const control = event.ctrlKey || event.metaKey;
    const vertical = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const sideways = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const grows = !readOnly && !fixed;
    const add = (at: number, to = stops[0] ?? 0) => {
      wanted.current = { row: at, column: to };
      acts.insert(at);
    };
    if (!readOnly && control && !event.altKey && event.key.toLowerCase() === "z") (event.shiftKey ? acts.redo : acts.undo)();
    else if (!readOnly && control && event.key.toLowerCase() === "y") acts.redo();
    else if (grows && key !== undefined && control && (event.key === "Delete" || event.key === "Backspace")) {
      acts.remove(key);
      requestAnimationFrame(() => goTo(Math.min(row, rows.length - 2), column));
    } else if (!readOnly && ordered && event.altKey && vertical !== 0 && key !== undefined && !listed && target.getAttribute("role") !== "combobox") {
      wanted.current = { row: Math.max(0, Math.min(row + vertical, rows.length - 1)), column };
      acts.move(key, row + vertical);
    } else if (grows && event.altKey && event.key === "Enter") add(row + 1);
    else if (event.key === "Enter" && !control && !event.altKey && !listed && target.tagName !== "BUTTON") {
      if (event.shiftKey) goTo(row - 1, column, 0);
      else if (row + 1 < rows.length) goTo(row + 1, column);
      else if (grows) add(row + 1);
    } else if (vertical !== 0 && !listed && !event.altKey && !control && !["date", "number"].includes(target.getAttribute("type") ?? "") && target.tagName !== "TEXTAREA") {
      const next = row + vertical;
      if (next >= 0 && next < rows.length) goTo(next, column);
    } else if (sideways !== 0 && !control && !event.altKey && !event.shiftKey && target instanceof HTMLInputElement && atEdge(target, sideways)) {
      const next = stops[stops.indexOf(column) + sideways];
      if (next === undefined) return;
      goTo(row, next);
    } else if (grows && event.key === "Tab" && !event.shiftKey && row === rows.length - 1 && column === stops.at(-1) && Object.keys(rows[row]?.draft ?? {}).length > 0) add(row + 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPasted = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text/plain");
    const place = placeOf(event.target);
    if (readOnly || !place || !isTable(text)) return;
    event.preventDefault();
    acts.paste(text, place);
  };
  const least = columns.reduce((sum, column) => sum + column.width, 0) + (heads?.width ?? 40) + (readOnly || fixed ? 0 : 64);
  return (
    <div ref={scroller} className={classes.scroll} data-many={many || undefined} tabIndex={-1}>
      <table className={classes.grid} style={{ minWidth: least }} aria-label={name} aria-rowcount={rows.length + 1} onKeyDown={onKey} onPaste={onPasted}>
        <colgroup>
          <col style={{ width: heads?.width ?? 40 }} />
          {columns.map((column) => (
            <col key={column.field.key} style={column.grows ? undefined : { width: column.width }} />
          ))}
          {!readOnly && !fixed && <col style={{ width: 64 }} />}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" data-head={heads ? true : undefined}>
              {heads ? heads.title : <span className="visually-hidden">{t("number")}</span>}
            </th>
            {columns.map((column) => (
              <th key={column.field.key} scope="col" data-figures={isFigure(column) || undefined}>
                {label(column.field.label)}
                {column.field.required && !column.shows && (
                  <span className={classes.required} aria-hidden="true">
                    {" "}
                    *
                  </span>
                )}
              </th>
            ))}
            {!readOnly && !fixed && <td />}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
          {drawn.map((index) => {
            const row = rows[index];
            return (
              row && (
                <GridLine
                  key={row.key}
                  row={row}
                  index={index}
                  columns={all}
                  found={findings[row.key]}
                  currency={currency}
                  acts={acts}
                  readOnly={readOnly}
                  ordered={ordered}
                  fixed={fixed}
                  heads={heads}
                  autoFocus={autoFocus && index === 0}
                  measure={many ? virtual.measureElement : undefined}
                  onMenu={setMenu}
                  onDrag={drag.begin}
                />
              )
            );
          })}
          {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
        </tbody>
      </table>
      {drag.line !== undefined && <div className={classes.dropLine} style={{ top: drag.line }} />}
      <RowMenu at={menu} rows={rows} acts={acts} ordered={ordered} onInserted={(row) => (wanted.current = { row, column: stops[0] ?? 0 })} onClose={() => setMenu(undefined)} />
    </div>
  );
}

/** Whether an arrow has nowhere to go within the text: it stands at the end, or all of it is marked. */
function atEdge(input: HTMLInputElement, step: number): boolean {
  const { selectionStart: from, selectionEnd: to, value } = input;
  if (from === null || to === null) return false;
  if (from === 0 && to === value.length) return true;
  return from === to && (step > 0 ? to === value.length : from === 0);
}

/** Scrolls the grid alone, and keeps its headings from covering the cell. */
function keepInSight(scroller: HTMLElement | null, input: HTMLElement) {
  if (!scroller) return;
  const [frame, cell] = [scroller.getBoundingClientRect(), input.getBoundingClientRect()];
  if (cell.top < frame.top + 36) scroller.scrollTop -= frame.top + 36 - cell.top;
  else if (cell.bottom > frame.bottom - 12) scroller.scrollTop += cell.bottom - frame.bottom + 12;
  if (cell.left < frame.left) scroller.scrollLeft -= frame.left - cell.left + 8;
  else if (cell.right > frame.right) scroller.scrollLeft += cell.right - frame.right + 8;
}
