import { Checkbox } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Field, ObjectDef, Rec, Refs } from "~/api/types";
import type { ListGroup } from "~/api/views";
import { WaitsMark } from "~/approvals/WaitsMark";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel, useLanguage } from "~/i18n";
import { OverdueMark } from "~/saleLog/OverdueMark";
import { formatDecimal } from "~/ui/format";
import type { Line } from "./lines";
import classes from "./RecordCards.module.css";
import { nameOf } from "./RecordDialog";
import { GroupSum, groupName } from "./RecordTable";
import type { Selection } from "./selection";

const FACTS = 4;

type Props = { object: ObjectDef; lines: Line[]; columns: Field[]; onMore: () => void; more: boolean; stale: boolean; /** While records are being chosen, a press chooses. */ selection?: Selection; /** What can be done with a record besides. */ rowAct?: (row: Rec) => ReactNode; groups?: { field: Field; refs: Refs; onToggle: (group: ListGroup) => void; onMore: (key: string) => void } };

/** The list on a phone: a card for each record with the first of the chosen columns. */
export function RecordCards({ object, lines, columns, onMore, more, stale, selection, rowAct, groups }: Props) {
  const { t } = useTranslation("records");
  const language = useLanguage();
  const label = useLabel();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: (index) => (lines[index]?.kind === "row" ? 92 : 46), overscan: 8 });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= lines.length - 20) onMore();
  }, [last, more, lines.length, onMore]);

  return (
    <div className={classes.scroller} ref={scroller} data-stale={stale || undefined}>
      <ul className={classes.list} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const place = { ref: virtual.measureElement, "data-index": item.index, className: classes.place, style: { transform: `translateY(${item.start}px)` } };
          if (line.kind === "group") {
            return (
              <li key={line.key} {...place}>
                <button type="button" className={classes.group} aria-expanded={line.open} onClick={() => groups?.onToggle(line.group)}>
                  {line.open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
                  <span className={classes.groupName}>{groups && groupName(line.group, groups.field, groups.refs, t("groupEmpty"))}</span>
                  <span>{formatDecimal(line.group.count, language)}</span>
                  <span className={classes.groupSum}>
                    <GroupSum total={line.group.totals?.[0]} />
                  </span>
                </button>
              </li>
            );
          }
          if (line.kind === "more") {
            return (
              <li key={line.key} {...place}>
                <button type="button" className={classes.more} disabled={line.state === "loading"} onClick={() => groups?.onMore(line.of)}>
                  {t(line.state === "loading" ? "loading" : "more", { ns: "ui" })}
                </button>
              </li>
            );
          }
          const { row } = line;
          const facts = columns.filter((field) => field.key !== object.name_field && (!isEmpty(row.fields[field.key]) || row.veiled?.includes(field.key))).slice(0, FACTS);
          const inside = (
            <>
              <span className={classes.name}>{nameOf(object, row)}</span>
              <WaitsMark record={row} />
              <span className={classes.facts}>
                {facts.map((field) => (
                  <span key={field.key} className={classes.fact} title={label(field.label)}>
                    <FieldShow field={field} value={row.fields[field.key]} refs={row.refs} dense veiled={row.veiled?.includes(field.key)} />
                    {field.key === "stage" && <OverdueMark record={row} />}
                  </span>
                ))}
              </span>
            </>
          );
          return (
            <li key={row.id} {...place}>
              {selection ? (
                // What is in the card leads elsewhere; while one chooses, all of it is the box.
                <label className={classes.card} data-choosing data-chosen={selection.has(row.id) || undefined}>
                  <Checkbox size="sm" aria-label={t("selectRow", { name: nameOf(object, row) })} checked={selection.has(row.id)} onChange={() => selection.toggle(row.id, false)} />
                  <span className={classes.inside} inert>
                    {inside}
                  </span>
                </label>
              ) : (
                <>
                  <Link to="/o/$object/$id" params={{ object: object.key, id: row.id }} className={classes.card}>
                    {inside}
                  </Link>
                  {rowAct && <span className={classes.rowAct}>{rowAct(row)}</span>}
                </>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
