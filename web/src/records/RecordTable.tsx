import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Field, FieldType, ObjectDef, Rec } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { kindOf } from "~/fields/registry";
import { useLabel } from "~/i18n";
import { nextSort } from "./listView";
import { nameOf } from "./RecordDialog";
import classes from "./RecordTable.module.css";

const ROW = 38;
const HEAD = 36;

const WIDTHS: Partial<Record<FieldType, number>> = {
  number: 110, percent: 90, currency: 150, boolean: 90, date: 150, datetime: 172, select: 140, employee: 150, phone: 150, email: 220, url: 200, long_text: 240, multi_select: 200, auto_number: 130,
};
const widthOf = (field: Field) => WIDTHS[field.type] ?? 150;

type Props = {
  object: ObjectDef;
  rows: Rec[];
  columns: Field[];
  active: number;
  onActive: (index: number) => void;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  onMore: () => void;
  more: boolean;
  /** What is shown belongs to the last question; the answer to this one is on its way. */
  stale: boolean;
};

/** Rows by the thousand: only those in sight are drawn, more are read as one scrolls. */
export function RecordTable({ object, rows, columns, active, onActive, sort, onSort, onMore, more, stale }: Props) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const nameField = object.fields.find((field) => field.key === object.name_field);
  const all = nameField ? [nameField, ...columns.filter((column) => column.key !== nameField.key)] : columns;
  const template = all.map((field, index) => (index === 0 ? "minmax(240px, 1.6fr)" : `minmax(${widthOf(field)}px, ${widthOf(field) / 150}fr)`)).join(" ");

  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 14, scrollPaddingStart: HEAD });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && last >= rows.length - 40) onMore();
  }, [last, more, rows.length, onMore]);

  useEffect(() => {
    if (active < 0) return;
    virtual.scrollToIndex(active);
    // The row may only be drawn after the scroll.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${active}"] a`)?.focus({ preventScroll: true }));
    // The virtualiser is a new object at every draw; the row alone decides.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active]);

  return (
    <div className={classes.scroller} ref={scroller} data-stale={stale || undefined} tabIndex={-1}>
      <div role="table" aria-rowcount={more ? -1 : rows.length + 1} className={classes.table} style={{ "--columns": template } as React.CSSProperties}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row} aria-rowindex={1}>
            {all.map((field) => (
              <Head key={field.key} field={field} sort={sort} onSort={onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={item.index + 2}
                data-index={item.index}
                data-active={item.index === active || undefined}
                className={classes.row}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={(event) => {
                  if ((event.target as Element).closest("a, button") || event.metaKey || event.ctrlKey) return;
                  if (window.getSelection()?.toString()) return;
                  onActive(item.index);
                  void navigate({ to: "/o/$object/$id", params: { object: object.key, id: row.id } });
                }}
              >
                {all.map((field, index) => (
                  <div key={field.key} role="cell" className={classes.cell} data-figures={kindOf(field).figures || undefined}>
                    {index === 0 ? (
                      <Link to="/o/$object/$id" params={{ object: object.key, id: row.id }} className={classes.name} onFocus={() => item.index !== active && onActive(item.index)}>
                        {nameOf(object, row)}
                      </Link>
                    ) : (
                      <span>
                        <FieldShow field={field} value={row.fields[field.key]} refs={row.refs} dense />
                      </span>
                    )}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Head({ field, sort, onSort }: { field: Field; sort: string | undefined; onSort: (sort: string | undefined) => void }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const up = sort === field.key;
  const down = sort === `-${field.key}`;
  const text = label(field.label);
  return (
    <div role="columnheader" className={classes.cell} data-figures={kindOf(field).figures || undefined} aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      {field.sortable ? (
        <button type="button" className={classes.sort} title={t("sortBy", { field: text })} onClick={() => onSort(nextSort(field.key, sort))}>
          <span>{text}</span>
          {up && <IconArrowUp size={13} aria-hidden />}
          {down && <IconArrowDown size={13} aria-hidden />}
        </button>
      ) : (
        <span>{text}</span>
      )}
    </div>
  );
}
