import { ActionIcon } from "@mantine/core";
import { IconArrowBackUp, IconDotsVertical, IconX } from "@tabler/icons-react";
import { memo, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import { FieldEdit } from "~/fields/FieldEdit";
import { useLabel } from "~/i18n";
import type { GridActs } from "./acts";
import type { RowHeads } from "./Grid";
import { isFigure, isLookedUp, isTyped, type Column } from "./columns";
import classes from "./grid.module.css";
import { LookUpCell } from "./LookUpCell";
import type { MenuAt } from "./RowMenu";
import { valueOf, type GridRow } from "./rows";
import { TypedCell } from "./TypedCell";

type Props = {
  row: GridRow;
  index: number;
  columns: Column[];
  found: Record<string, string[]> | undefined;
  currency: string;
  acts: GridActs;
  readOnly?: boolean;
  ordered?: boolean;
  fixed?: boolean;
  heads?: RowHeads;
  autoFocus?: boolean;
  measure?: (element: Element | null) => void;
  onMenu: (at: MenuAt) => void;
  onDrag: (event: PointerEvent, key: string, index: number) => void;
};

/** One row. It is drawn anew when it has changed, not when another has. */
export const GridLine = memo(function GridLine({ row, index, columns, found, currency, acts, readOnly: wholly, ordered, fixed, heads, autoFocus, measure, onMenu, onDrag }: Props) {
  const { t } = useTranslation("grid");
  const label = useLabel();
  const place = index + 1;
  const readOnly = wholly || row.frozen;
  // What concerns no cell of the row, and what is not in the table, is told at its number.
  const inTable = columns.filter((column) => !column.apart);
  const elsewhere = Object.entries(found ?? {}).flatMap(([key, texts]) => (inTable.some((column) => column.field.key === key) ? [] : texts));
  return (
    <tr ref={measure} data-index={index} data-row={row.key} aria-rowindex={index + 2} data-removed={row.removed || undefined} data-new={row.id === undefined || undefined} data-frozen={row.frozen || undefined}>
      <th scope="row" className={heads ? classes.head : classes.number} data-drag={(ordered && !readOnly) || undefined} title={elsewhere.join(" ") || undefined} data-wrong={elsewhere.length > 0 || undefined} onPointerDown={ordered && !readOnly ? (event) => onDrag(event, row.key, index) : undefined}>
        {heads ? heads.show(row) : place}
      </th>
      {inTable.map((column, at) => {
        const { field } = column;
        const shared = { name: heads ? t("namedCell", { field: label(field.label), row: heads.text(row) }) : t("cell", { field: label(field.label), row: place }), error: row.unread[field.key] !== undefined ? t(isLookedUp(column) ? "notFound" : "notRead", { text: row.unread[field.key] }) : found?.[field.key]?.join(" "), readOnly, autoFocus: autoFocus && at === 0, acts, row };
        return (
          <td key={field.key} data-cell={`${index}-${at}`} data-type={field.type} data-figures={isFigure(column) || undefined}>
            {column.shows ? (
              <span className={classes.shown}>{column.shows(row)}</span>
            ) : isTyped(column) ? (
              <TypedCell {...shared} field={field} currency={currency} figures={isFigure(column)} />
            ) : isLookedUp(column) ? (
              <LookUpCell {...shared} column={column} />
            ) : (
              <FieldEdit field={field} value={valueOf(row, field.key)} refs={row.refs} onChange={(value) => acts.write(row.key, { fields: { [field.key]: value } })} aria-label={shared.name} description={null} required={false} error={shared.error || undefined} autoFocus={shared.autoFocus} />
            )}
          </td>
        );
      })}
      {!wholly && !fixed && (
        <td className={classes.remove}>
          <ActionIcon size={26} tabIndex={-1} aria-label={t(row.removed ? "restore" : "remove", { row: place })} onClick={() => acts.remove(row.key)}>
            {row.removed ? <IconArrowBackUp size={16} /> : <IconX size={16} />}
          </ActionIcon>
          <ActionIcon size={26} tabIndex={-1} aria-haspopup="menu" aria-label={t("more", { row: place })} onClick={(event) => onMenu({ key: row.key, index, box: event.currentTarget.getBoundingClientRect() })}>
            <IconDotsVertical size={16} />
          </ActionIcon>
        </td>
      )}
    </tr>
  );
});
