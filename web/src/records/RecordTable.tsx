import { Checkbox, Tooltip } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight, IconFold, IconArrowsMoveVertical } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Link } from "@tanstack/react-router";
import { memo, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { recordQuery, useMe } from "~/api/queries";
import type { Field, FieldType, ObjectDef, Rec, Refs, Value } from "~/api/types";
import type { GroupTotal, ListGroup } from "~/api/views";
import { WaitsMark } from "~/approvals/WaitsMark";
import { isEmpty } from "~/fields/contract";
import { frozenIn } from "~/fields/draft";
import { Settling } from "~/fields/FieldMarks";
import { FieldShow } from "~/fields/FieldShow";
import { kindOf } from "~/fields/registry";
import { useLabel, useLanguage } from "~/i18n";
import { queryClient } from "~/queryClient";
import { OverdueMark } from "~/saleLog/OverdueMark";
import { formatDecimal, formatMoney } from "~/ui/format";
import { CellEditor, type Leave } from "./CellEditor";
import { nextEditable, whyNot } from "./editing";
import type { Line } from "./lines";
import { nextSort } from "./listView";
import { nameOf } from "./RecordDialog";
import classes from "./RecordTable.module.css";
import type { Selection } from "./selection";

const ROW = 38;
const HEAD = 36;
const PAGE = 15;
const CHECK = "check";

const WIDTHS: Partial<Record<FieldType, number>> = {
  number: 110, percent: 90, currency: 150, boolean: 90, date: 150, datetime: 172, select: 140, employee: 150, phone: 150, email: 220, url: 200, long_text: 240, multi_select: 200, references: 200, auto_number: 130,
};
const widthOf = (field: Field) => WIDTHS[field.type] ?? 150;
type Props = {
  object: ObjectDef;
  lines: Line[];
  columns: Field[];
  active: number;
  onActive: (index: number) => void;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  onMore: () => void;
  more: boolean;
  /** What is shown belongs to the last question; the answer to this one is on its way. */
  stale: boolean;
  selection?: Selection;
  /** What can be done with a row besides, after its name. */
  rowAct?: (row: Rec) => ReactNode;
  groups?: { field: Field; refs: Refs; allOpen: boolean; onToggle: (group: ListGroup) => void; onToggleAll: () => void; onMore: (key: string) => void };
  /** Somebody else has changed the record meanwhile. */
  onConflict: (base: Rec, draft: Record<string, Value>, present: Rec) => void;
};

type Editing = { id: string; field: string; base: Rec };
type Note = { id: string; field: string; text: string };

/** Rows by the thousand: only those in sight are drawn, more are read as one scrolls. Arrows walk from cell to cell. */
export function RecordTable({ object, lines, columns, active, onActive, sort, onSort, onMore, more, stale, selection, rowAct, groups, onConflict }: Props) {
  const { t } = useTranslation("records");
  const scroller = useRef<HTMLDivElement>(null);
  const nameField = object.fields.find((field) => field.key === object.name_field);
  const all = nameField ? [nameField, ...columns.filter((column) => column.key !== nameField.key)] : columns;
  const stops = [...(selection ? [CHECK] : []), ...all.map((field) => field.key)];
  const [column, setColumn] = useState<string>();
  const at = column !== undefined && stops.includes(column) ? column : (all[0]?.key ?? CHECK);
  const [editing, setEditing] = useState<Editing>();
  const [note, setNote] = useState<Note>();
  const template = [...(selection ? ["34px"] : []), ...all.map((field, index) => (index === 0 ? "minmax(240px, 1.6fr)" : `minmax(${widthOf(field)}px, ${widthOf(field) / 150}fr)`))].join(" ");

  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 14, scrollPaddingStart: HEAD, getItemKey: (index) => lines[index]?.key ?? index });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && last >= lines.length - 40) onMore();
  }, [last, more, lines.length, onMore]);

  const reach = (index: number, key: string) => {
    const row = scroller.current?.querySelector(`[data-index="${index}"]`);
    const target = row?.querySelector<HTMLElement>(`[data-stop="${CSS.escape(key)}"]`) ?? row?.querySelector<HTMLElement>("[data-stop]");
    if (target && !scroller.current?.querySelector("[data-editing]")) target.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  useEffect(() => {
    if (active < 0) return;
    virtual.scrollToIndex(active);
    // The row may only be drawn after the scroll.
    requestAnimationFrame(() => reach(active, at));
    // The virtualiser is a new object at every draw; the cell alone decides.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active, at]);

  const begin = async (row: Rec, key: string) => {
    const field = all.find((it) => it.key === key);
    if (!field) return;
    const reason = whyNot(object, field);
    if (reason) return setNote({ id: row.id, field: key, text: t(`whyNot.${reason}`) });
    setNote(undefined);
    // The rows carry no rights and not all fields; both are read when they are needed.
    const base = await queryClient.fetchQuery(recordQuery(object.key, row.id));
    if (frozenIn(base).includes(key)) setNote({ id: row.id, field: key, text: t(key === "amount" && base.amount_follows_lines ? "whyNot.fromLines" : "whyNot.frozen") });
    else if (base.can?.includes("edit")) setEditing({ id: row.id, field: key, base });
    else setNote({ id: row.id, field: key, text: t(base.fields.lifecycle_status === "voided" ? "whyNot.voided" : base.fields.locked === true ? "whyNot.locked" : "whyNot.notYours") });
  };
  const leave = (how: Leave) => {
    if (!editing) return;
    const index = lines.findIndex((line) => line.kind === "row" && line.row.id === editing.id);
    const line = lines[index];
    setEditing(undefined);
    if (how === "away" || line?.kind !== "row") return;
    const next = how === "stay" ? undefined : nextEditable(object, all, editing.field, how === "next" ? 1 : -1);
    requestAnimationFrame(() => reach(index, next ?? editing.field));
    if (next) {
      setColumn(next);
      void begin(line.row, next);
    }
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.altKey || event.nativeEvent.isComposing || editing) return;
    const line = lines[active];
    if (!line) return;
    const jump = event.ctrlKey || event.metaKey;
    const go = (index: number) => onActive(Math.max(0, Math.min(index, lines.length - 1)));
    const side = (step: number) => {
      const next = stops[stops.indexOf(at) + step];
      if (next !== undefined) setColumn(next);
    };
    setNote(undefined);
    switch (event.key) {
      case "ArrowDown":
        go(active + 1);
        break;
      case "ArrowUp":
        go(active - 1);
        break;
      case "PageDown":
        go(active + PAGE);
        break;
      case "PageUp":
        go(active - PAGE);
        break;
      case "ArrowLeft":
      case "ArrowRight":
        if (line.kind === "group") {
          if (line.open !== (event.key === "ArrowRight")) groups?.onToggle(line.group);
        } else side(event.key === "ArrowRight" ? 1 : -1);
        break;
      case "Home":
        if (jump) go(0);
        setColumn(stops[0]);
        break;
      case "End":
        if (jump) go(lines.length - 1);
        setColumn(stops.at(-1));
        break;
      case "F2":
      case "Enter":
        if (line.kind !== "row" || jump || at === CHECK) return;
        // The name is a link: Enter follows it, F2 edits it.
        if (event.key === "Enter" && (event.target as Element).closest("a, button")) return;
        void begin(line.row, at);
        break;
      case "Escape":
        if (!selection?.any) return;
        selection.clear();
        break;
      case " ":
        if (line.kind !== "row" || !selection || at === CHECK || (event.target as Element).closest("button")) return;
        selection.toggle(line.row.id, event.shiftKey);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const rowCount = more ? -1 : lines.length + 1;
  return (
    <div className={classes.scroller} ref={scroller} data-stale={stale || undefined} tabIndex={-1}>
      <div role={groups ? "treegrid" : "grid"} aria-rowcount={rowCount} aria-colcount={stops.length} aria-multiselectable={selection ? true : undefined} aria-label={useLabel()(object.plural)} className={classes.table} style={{ "--columns": template } as React.CSSProperties} onKeyDown={onKey}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row} aria-rowindex={1}>
            {selection && (
              <div role="columnheader" className={classes.check}>
                <Checkbox size="xs" aria-label={t("selectPage")} checked={selection.page === "all"} indeterminate={selection.page === "some"} onChange={selection.togglePage} />
              </div>
            )}
            {all.map((field, index) => (
              <Head key={field.key} field={field} sort={sort} onSort={onSort}>
                {index === 0 && groups && (
                  <Tooltip label={t(groups.allOpen ? "foldAll" : "unfoldAll")}>
                    <button type="button" className={classes.fold} aria-label={t(groups.allOpen ? "foldAll" : "unfoldAll")} onClick={groups.onToggleAll}>
                      {groups.allOpen ? <IconFold size={14} /> : <IconArrowsMoveVertical size={14} />}
                    </button>
                  </Tooltip>
                )}
              </Head>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            const place = { "data-index": item.index, "aria-rowindex": item.index + 2, style: { transform: `translateY(${item.start}px)` } };
            const current = item.index === active || (active < 0 && item.index === 0);
            if (line.kind === "group" && groups) {
              return (
                <div key={item.key} {...place} role="row" aria-level={1} aria-expanded={line.open} className={classes.row} data-group data-active={item.index === active || undefined}>
                  <GroupHead line={line} groups={groups} columns={all} check={Boolean(selection)} current={current} onFocus={() => onActive(item.index)} />
                </div>
              );
            }
            if (line.kind === "more") {
              return (
                <div key={item.key} {...place} role="row" aria-level={2} className={classes.row} data-more>
                  <div role="gridcell" className={classes.moreCell}>
                    <button type="button" className={classes.moreButton} data-stop="more" tabIndex={current ? 0 : -1} disabled={line.state === "loading"} onFocus={() => onActive(item.index)} onClick={() => groups?.onMore(line.of)}>
                      {t(line.state === "loading" ? "loading" : "more", { ns: "ui" })}
                    </button>
                  </div>
                </div>
              );
            }
            if (line.kind !== "row") return null;
            const { row } = line;
            const chosen = selection?.has(row.id) ?? false;
            return (
              <div
                key={item.key}
                {...place}
                role="row"
                aria-level={groups ? 2 : undefined}
                aria-selected={selection ? chosen : undefined}
                data-active={item.index === active || undefined}
                data-chosen={chosen || undefined}
                data-edited={editing?.id === row.id || undefined}
                className={classes.row}
              >
                {selection && (
                  <div role="gridcell" className={classes.check}>
                    <Checkbox
                      size="xs"
                      data-stop={CHECK}
                      tabIndex={current && at === CHECK ? 0 : -1}
                      aria-label={t("selectRow", { name: nameOf(object, row) })}
                      checked={chosen}
                      onFocus={() => {
                        onActive(item.index);
                        setColumn(CHECK);
                      }}
                      onChange={(event) => selection.toggle(row.id, (event.nativeEvent as MouseEvent).shiftKey)}
                    />
                  </div>
                )}
                {all.map((field, index) => {
                  const edited = editing?.id === row.id && editing.field === field.key ? editing : undefined;
                  const noted = note?.id === row.id && note.field === field.key ? note.text : undefined;
                  const reason = whyNot(object, field);
                  const focused = () => {
                    onActive(item.index);
                    setColumn(field.key);
                  };
                  const stop = { "data-stop": field.key, tabIndex: current && at === field.key ? 0 : -1, onFocus: focused };
                  return (
                    <div
                      key={field.key}
                      role="gridcell"
                      className={classes.cell}
                      data-figures={kindOf(field).figures || undefined}
                      data-editing={edited ? true : undefined}
                      aria-readonly={reason !== undefined || undefined}
                      title={index > 0 && reason ? t(`whyNot.${reason}`) : undefined}
                      onDoubleClick={() => void begin(row, field.key)}
                      onBlur={() => note && setNote(undefined)}
                      {...(index === 0 ? {} : stop)}
                    >
                      {edited ? (
                        <CellEditor
                          key={`${edited.id} ${edited.field}`}
                          object={object}
                          base={edited.base}
                          field={field}
                          onLeave={leave}
                          onConflict={(draft, present) => {
                            setEditing(undefined);
                            onConflict(edited.base, draft, present);
                          }}
                        />
                      ) : (
                        <Tooltip label={noted} opened={noted !== undefined} position="bottom-start" multiline maw={280}>
                          {index === 0 ? (
                            <Link to="/o/$object/$id" params={{ object: object.key, id: row.id }} className={classes.name} {...stop}>
                              {nameOf(object, row)}
                            </Link>
                          ) : (
                            <span>
                              <FieldShow field={field} value={row.fields[field.key]} refs={row.refs} dense veiled={row.veiled?.includes(field.key)} />
                              {field.key === "stage" && <OverdueMark record={row} />}
                            </span>
                          )}
                        </Tooltip>
                      )}
                      {index === 0 && !edited && <WaitsMark record={row} short />}
                      {index === 0 && !edited && rowAct && <span className={classes.rowAct}>{rowAct(row)}</span>}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      <div role="status" className="visually-hidden">
        {note?.text}
      </div>
    </div>
  );
}

function Head({ field, sort, onSort, children }: { field: Field; sort: string | undefined; onSort: (sort: string | undefined) => void; children?: React.ReactNode }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const up = sort === field.key;
  const down = sort === `-${field.key}`;
  const text = label(field.label);
  return (
    <div role="columnheader" className={classes.cell} data-figures={kindOf(field).figures || undefined} aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      {children}
      {field.sortable ? (
        <button type="button" className={classes.sort} title={t("sortBy", { field: text })} onClick={() => onSort(nextSort(field.key, sort))}>
          <span>{text}</span>
          {up && <IconArrowUp size={13} aria-hidden />}
          {down && <IconArrowDown size={13} aria-hidden />}
        </button>
      ) : (
        <span>{text}</span>
      )}
      {field.settling && <Settling />}
    </div>
  );
}

type GroupHeadProps = { line: Extract<Line, { kind: "group" }>; groups: NonNullable<Props["groups"]>; columns: Field[]; check: boolean; current: boolean; onFocus: () => void };

/** A group's value and count, and its sums in their columns. */
const GroupHead = memo(function GroupHead({ line, groups, columns, check, current, onFocus }: GroupHeadProps) {
  const { t } = useTranslation("records");
  const language = useLanguage();
  const { group, open } = line;
  const first = columns[0];
  return (
    <>
      <div role="gridcell" className={classes.groupCell} style={{ gridColumn: check ? "1 / 3" : "1 / 2" }}>
        <button type="button" className={classes.groupName} data-stop={first?.key} tabIndex={current ? 0 : -1} aria-expanded={open} onFocus={onFocus} onClick={() => groups.onToggle(group)}>
          {open ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />}
          <span className={classes.groupValue}>{groupName(group, groups.field, groups.refs, t("groupEmpty"))}</span>
          <span className={classes.groupCount} title={group.not_counted > 0 ? t("groupNotCounted", { count: group.not_counted }) : undefined}>
            {formatDecimal(group.count, language)}
          </span>
        </button>
      </div>
      {columns.slice(1).map((field) => (
        <div key={field.key} role="gridcell" className={classes.cell} data-figures={kindOf(field).figures || undefined}>
          <GroupSum total={group.totals?.find((it) => it.field === field.key)} />
        </div>
      ))}
    </>
  );
});

export function groupName(group: ListGroup, field: Field, refs: Refs, empty: string) {
  if (field.type === "boolean") return <BooleanName value={group.value === true} />;
  return isEmpty(group.value) ? <em>{empty}</em> : <FieldShow field={field} value={group.value} refs={refs} dense />;
}

function BooleanName({ value }: { value: boolean }) {
  const { t } = useTranslation("ui");
  return <>{t(value ? "yes" : "no")}</>;
}

/** A sum of all records of a group; amounts in the main currency. */
export function GroupSum({ total }: { total: GroupTotal | undefined }) {
  const language = useLanguage();
  const main = useMe().organisation.main_currency;
  if (total?.main_amount !== undefined && total.main_amount !== null) return <span className="money">{formatMoney({ amount: total.main_amount, currency: main }, language, true)}</span>;
  if (total?.sum !== undefined && total.sum !== null) return <span className="figures">{formatDecimal(total.sum, language)}</span>;
  return null;
}
