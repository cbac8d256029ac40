import { ActionIcon } from "@mantine/core";
import { IconArrowBackUp, IconX } from "@tabler/icons-react";
import { useEffect, useRef, type ClipboardEvent, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Field, ObjectDef, Value } from "~/api/types";
import { FieldEdit } from "~/fields/FieldEdit";
import { kindOf } from "~/fields/registry";
import { useLabel } from "~/i18n";
import classes from "./grid.module.css";
import { isTable } from "./paste";
import { removed, valueOf, withCell, type GridRow } from "./rows";

type Props = {
  object: ObjectDef;
  columns: Field[];
  rows: GridRow[];
  findings: Record<string, Record<string, string[]>>;
  onRows: (change: (rows: GridRow[]) => GridRow[]) => void;
  onAdd: () => void;
  onPaste: (text: string, at: { row: number; column: number }) => void;
};

/** The cell that takes the keyboard: its first input. */
const inputOf = (cell: Element | null | undefined) => cell?.querySelector<HTMLElement>("input:not([type=hidden]):not(:disabled), textarea, button");

/** Rows and columns of inputs. Enter and the arrows walk down and up a column, Tab along the row; cells of a spreadsheet may be pasted. */
export function Grid({ object, columns, rows, findings, onRows, onAdd, onPaste }: Props) {
  const { t } = useTranslation("stageTasks");
  const label = useLabel();
  const body = useRef<HTMLTableSectionElement>(null);
  // A row that was added is where one goes on.
  const wanted = useRef<{ row: number; column: number }>(undefined);
  const cellAt = (row: number, column: number) => body.current?.querySelector(`[data-cell="${row}-${column}"]`);
  useEffect(() => {
    if (!wanted.current) return;
    const { row, column } = wanted.current;
    const input = inputOf(body.current?.querySelector(`[data-cell="${row}-${column}"]`));
    if (!input) return;
    input.focus();
    wanted.current = undefined;
  });

  const placeOf = (event: { target: EventTarget }) => {
    const [row = NaN, column = NaN] = ((event.target as HTMLElement).closest<HTMLElement>("[data-cell]")?.dataset.cell ?? "").split("-").map(Number);
    return Number.isNaN(row) ? undefined : { row, column };
  };
  const goTo = (row: number, column: number) => {
    const input = inputOf(cellAt(row, column));
    if (!input) return false;
    input.focus();
    if (input instanceof HTMLInputElement && input.type !== "checkbox") input.select();
    return true;
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !placeOf(event)) return;
    const { row, column } = placeOf(event)!;
    const target = event.target as HTMLElement;
    // In a list that is open, arrows and Enter are the list's.
    const listed = target.getAttribute("aria-expanded") === "true";
    const lists = target.getAttribute("aria-haspopup") === "listbox";
    if (event.key === "Delete" && (event.ctrlKey || event.metaKey)) {
      onRows((now) => removed(now, rows[row]!.key));
      requestAnimationFrame(() => goTo(Math.min(row, rows.length - 2), column));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !listed && target.tagName !== "BUTTON") {
      if (!goTo(row + 1, column)) {
        wanted.current = { row: row + 1, column: 0 };
        onAdd();
      }
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !listed && (!lists || event.altKey) && target.getAttribute("type") !== "date") {
      goTo(row + (event.key === "ArrowDown" ? 1 : -1), column);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPasted = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text/plain");
    const place = placeOf(event);
    if (!place || !isTable(text)) return;
    event.preventDefault();
    onPaste(text, place);
  };
  return (
    <div className={classes.scroll} tabIndex={-1}>
      <table className={classes.grid} aria-label={t("grid.label", { object: label(object.plural) })} onKeyDown={onKey} onPaste={onPasted}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{t("grid.number")}</span>
            </th>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-figures={kindOf(column).figures || undefined}>
                {label(column.label)}
                {column.required && (
                  <span className={classes.required} aria-hidden="true">
                    {" "}
                    *
                  </span>
                )}
              </th>
            ))}
            <th />
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr key={row.key} data-removed={row.removed || undefined} data-new={row.id === undefined || undefined}>
              <th scope="row" className={classes.number}>
                {index + 1}
              </th>
              {columns.map((column, at) => (
                <td key={column.key} data-cell={`${index}-${at}`} data-type={column.type}>
                  <Cell
                    field={column}
                    row={row}
                    name={t("grid.cell", { field: label(column.label), row: index + 1 })}
                    autoFocus={index === 0 && at === 0}
                    error={row.unread[column.key] ?? findings[row.key]?.[column.key]?.join(" ")}
                    onChange={(value) => onRows((now) => withCell(now, row.key, column.key, value))}
                  />
                </td>
              ))}
              <td className={classes.remove}>
                <ActionIcon size={28} aria-label={t(row.removed ? "grid.restore" : "grid.remove", { row: index + 1 })} onClick={() => onRows((now) => removed(now, row.key))}>
                  {row.removed ? <IconArrowBackUp size={16} /> : <IconX size={16} />}
                </ActionIcon>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ field, row, name, error, autoFocus, onChange }: { field: Field; row: GridRow; name: string; error?: string; autoFocus: boolean; onChange: (value: Value) => void }) {
  return <FieldEdit field={field} value={valueOf(row, field.key)} refs={row.refs} onChange={onChange} aria-label={name} description={null} required={false} error={error || undefined} autoFocus={autoFocus} />;
}
