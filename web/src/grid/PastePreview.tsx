import { Button, Group, Modal, SegmentedControl, Select, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { NumberStyle } from "~/fields/decimals";
import { useLabel } from "~/i18n";
import { isFigure, type Column } from "./columns";
import classes from "./grid.module.css";
import { isNumeric } from "./paste";
import { notUnderstood, type Layout } from "./pastePlan";
import type { Pasting } from "./usePasting";

const SHOWN = 8;

type Props = { pasting: Pasting; columns: Column[]; onLayout: (layout: Layout) => void; onTake: () => void; onClose: () => void };

/** A pasted table before it is taken: which column is which, how its numbers are written, and what was not understood. */
export function PastePreview({ pasting: { layout, rows }, columns, onLayout, onTake, onClose }: Props) {
  const { t } = useTranslation("grid");
  const label = useLabel();
  const open = columns.filter((column) => !column.shows);
  const missed = notUnderstood(rows);
  // What was not understood is what one has to see; besides it, the first lines.
  const wrong = rows.flatMap((row, index) => (row.cells.some((cell) => !cell.understood) ? [index] : []));
  const shown = [...new Set([...wrong.slice(0, SHOWN), ...rows.map((_, index) => index)])].slice(0, SHOWN).sort((a, b) => a - b);
  const choose = (at: number, key: string | null) =>
    onLayout({ ...layout, mapping: layout.mapping.map((column, index) => (index === at ? open.find((it) => it.field.key === key) : column?.field.key === key ? undefined : column)) });
  return (
    <Modal opened onClose={onClose} title={t("pasteTitle", { count: rows.length })} size={920}>
      {missed > 0 && (
        <Text size="sm" c="var(--warn)" mb="sm" role="status">
          {t("notUnderstood", { count: missed })}
        </Text>
      )}
      {layout.mapping.some((column) => column && isNumeric(column.field)) && (
        <Group gap="sm" mb="sm">
          <Text size="sm" id="number-style">
            {t("numberStyle")}
          </Text>
          <SegmentedControl
            size="xs"
            aria-labelledby="number-style"
            value={layout.style}
            data={[
              { value: "point", label: "1,234.50" },
              { value: "comma", label: "1.234,50" },
            ]}
            onChange={(style) => onLayout({ ...layout, style: style as NumberStyle })}
          />
        </Group>
      )}
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={t("pasteLabel")}>
        <table className={classes.preview}>
          <thead>
            <tr>
              <td />
              {layout.mapping.map((column, at) => (
                <th key={at} scope="col">
                  <Select size="xs" aria-label={t("pasteColumn", { column: at + 1 })} placeholder={t("leftOut")} clearable data={open.map((it) => ({ value: it.field.key, label: label(it.field.label) }))} value={column?.field.key ?? null} onChange={(key) => choose(at, key)} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((index) => (
              <tr key={index}>
                <th scope="row">{index + 1 + (layout.headed ? 1 : 0)}</th>
                {rows[index]!.cells.map((cell, at) => (
                  <td key={at} data-wrong={!cell.understood || undefined} data-out={!cell.column || undefined} data-figures={(cell.column && isFigure(cell.column)) || undefined}>
                    {cell.choice && cell.choice.name.toLowerCase() !== cell.text.trim().toLowerCase() ? `${cell.text} → ${cell.choice.name}` : cell.text}
                    {!cell.understood && <small>{t("notUnderstoodHere")}</small>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown.length && (
        <Text size="xs" c="dimmed" mt={6}>
          {t("moreRows", { count: rows.length - shown.length })}
        </Text>
      )}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button variant="default" onClick={onClose}>
          {t("cancel", { ns: "ui" })}
        </Button>
        <Button data-autofocus onClick={onTake}>
          {t("paste", { count: rows.length })}
        </Button>
      </Group>
    </Modal>
  );
}
