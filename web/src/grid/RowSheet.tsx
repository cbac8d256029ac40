import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { FieldEdit } from "~/fields/FieldEdit";
import { useLabel } from "~/i18n";
import type { GridActs } from "./acts";
import { isLookedUp, type Column } from "./columns";
import type { RowHeads } from "./Grid";
import classes from "./grid.module.css";
import { removed, valueOf, type GridRow } from "./rows";

type Props = { rows: GridRow[]; opened: string; columns: Column[]; found: Record<string, string[]> | undefined; acts: GridActs; title: string; readOnly?: boolean; fixed?: boolean; heads?: RowHeads; onOpen: (key: string | undefined) => void };

/** One row by itself, with all its fields: how rows are edited on a phone, and where a long text of one is written. */
export function RowSheet({ rows, opened, columns, found, acts, title, readOnly: wholly, fixed, heads, onOpen }: Props) {
  const { t } = useTranslation("grid");
  const label = useLabel();
  const narrow = useMediaQuery("(max-width: 40em)");
  const index = rows.findIndex((row) => row.key === opened);
  const row = rows[index];
  if (!row) return null;
  const readOnly = wholly || row.frozen;
  const step = (by: number) => onOpen(rows[index + by]?.key ?? opened);
  return (
    <Modal opened onClose={() => onOpen(undefined)} title={heads ? heads.text(row) : t("sheetTitle", { title, row: index + 1 })} fullScreen={narrow} size={560}>
      <Stack gap="sm">
        {columns.map((column, at) => {
          const { field } = column;
          const error = row.unread[field.key] !== undefined ? t(isLookedUp(column) ? "notFound" : "notRead", { text: row.unread[field.key] }) : found?.[field.key]?.join(" ");
          if (column.shows || readOnly) {
            const shown = column.shows?.(row);
            return (
              <dl key={field.key} className={classes.fact}>
                <dt>{label(field.label)}</dt>
                <dd>{shown ?? (isLookedUp(column) ? row.refs?.[String(valueOf(row, field.key))]?.name : String(valueOf(row, field.key) ?? "") || "–")}</dd>
              </dl>
            );
          }
          return (
            <FieldEdit
              key={`${row.key} ${field.key}`}
              field={field}
              value={valueOf(row, field.key)}
              refs={row.refs}
              error={error}
              autoFocus={at === 0}
              onChange={(value) => (isLookedUp(column) ? acts.choose(row.key, column, value ? { id: String(value), name: "", fields: {} } : undefined) : acts.write(row.key, { fields: { [field.key]: value } }, `sheet ${row.key} ${field.key}`))}
            />
          );
        })}
        <Group justify="space-between" gap="xs" mt="sm">
          <Group gap="xs">
            <Button variant="default" px="xs" disabled={index <= 0} aria-label={t("before")} onClick={() => step(-1)}>
              <IconChevronLeft size={17} />
            </Button>
            <Button variant="default" px="xs" disabled={index >= rows.length - 1} aria-label={t("after")} onClick={() => step(1)}>
              <IconChevronRight size={17} />
            </Button>
            {!readOnly && !fixed && (
              <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={16} />}
                onClick={() => {
                  acts.remove(row.key);
                  if (removed(rows, row.key).length < rows.length) onOpen(undefined);
                }}
              >
                {t(row.removed ? "restoreShort" : "removeShort")}
              </Button>
            )}
          </Group>
          <Button onClick={() => onOpen(undefined)}>{t("done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
