import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { Field, ObjectDef, Rec } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import classes from "./RecordCards.module.css";
import { nameOf } from "./RecordDialog";

const FACTS = 4;

type Props = { object: ObjectDef; rows: Rec[]; columns: Field[]; onMore: () => void; more: boolean; stale: boolean };

/** The list on a phone: a card for each record with the first of the chosen columns. */
export function RecordCards({ object, rows, columns, onMore, more, stale }: Props) {
  const label = useLabel();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 92, overscan: 8 });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 20) onMore();
  }, [last, more, rows.length, onMore]);

  return (
    <div className={classes.scroller} ref={scroller} data-stale={stale || undefined}>
      <ul className={classes.list} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const facts = columns.filter((field) => !isEmpty(row.fields[field.key])).slice(0, FACTS);
          return (
            <li key={row.id} ref={virtual.measureElement} data-index={item.index} className={classes.place} style={{ transform: `translateY(${item.start}px)` }}>
              <Link to="/o/$object/$id" params={{ object: object.key, id: row.id }} className={classes.card}>
                <span className={classes.name}>{nameOf(object, row)}</span>
                <span className={classes.facts}>
                  {facts.map((field) => (
                    <span key={field.key} className={classes.fact} title={label(field.label)}>
                      <FieldShow field={field} value={row.fields[field.key]} refs={row.refs} dense />
                    </span>
                  ))}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
