import { Button, Group, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Column } from "./columns";
import { Grid, type Findings } from "./Grid";
import classes from "./grid.module.css";
import { PastePreview } from "./PastePreview";
import { RowCards } from "./RowCards";
import { RowSheet } from "./RowSheet";
import { countOf, type GridRow } from "./rows";
import type { GridState } from "./useGrid";

type Props = {
  grid: GridState;
  label: string;
  columns: Column[];
  findings: Findings;
  currency: string;
  readOnly?: boolean;
  ordered?: boolean;
  autoFocus?: boolean;
  /** What a row says on a phone. */
  card: (row: GridRow) => ReactNode;
  /** Beside the number of rows. */
  note?: ReactNode;
};

/** A grid with what belongs to it: on a phone its rows are cards, each opening by itself. */
export function GridView({ grid, label, columns, findings, currency, readOnly, ordered, autoFocus, card, note }: Props) {
  const { t } = useTranslation("grid");
  const narrow = useMediaQuery("(max-width: 40em)", false, { getInitialValueInEffect: false });
  const { rows, acts, pasting } = grid;
  const [begun, setBegun] = useState<{ row: number }>();
  const add = () => {
    acts.insert(rows.length);
    setBegun({ row: rows.length });
    if (narrow) requestAnimationFrame(() => grid.openLast());
  };
  return (
    <>
      {narrow ? <RowCards label={label} rows={rows} findings={findings} card={card} onOpen={grid.setOpened} /> : rows.length > 0 && <Grid label={label} columns={columns} rows={rows} findings={findings} currency={currency} acts={acts} readOnly={readOnly} ordered={ordered} autoFocus={autoFocus} begun={begun} />}
      <Group gap="sm" mt={6} justify="space-between">
        {readOnly ? (
          <span />
        ) : (
          <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={15} />} onClick={add}>
            {t("add")}
          </Button>
        )}
        <Text size="xs" c="dimmed" role="status">
          {t("rows", { count: countOf(rows) })}
          {note}
        </Text>
      </Group>
      {!readOnly && <p className={classes.help}>{t("help")}</p>}
      {pasting.pasting && <PastePreview pasting={pasting.pasting} columns={columns} onLayout={(layout) => void pasting.relay(layout)} onTake={pasting.take} onClose={pasting.giveUp} />}
      {grid.opened !== undefined && <RowSheet rows={rows} opened={grid.opened} columns={columns} found={findings[grid.opened]} acts={acts} title={label} readOnly={readOnly} onOpen={grid.setOpened} />}
    </>
  );
}
