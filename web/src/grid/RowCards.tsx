import { UnstyledButton } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Findings } from "./Grid";
import classes from "./grid.module.css";
import type { GridRow } from "./rows";

type Props = { label: string; rows: GridRow[]; findings: Findings; card: (row: GridRow) => ReactNode; onOpen: (key: string) => void };

/** Rows on a phone: each a card that opens by itself. */
export function RowCards({ label, rows, findings, card, onOpen }: Props) {
  return (
    <ol className={classes.cards} aria-label={label}>
      {rows.map((row, index) => (
        <Card key={row.key} row={row} index={index} found={findings[row.key]} card={card} onOpen={onOpen} />
      ))}
    </ol>
  );
}

const Card = memo(function Card({ row, index, found, card, onOpen }: { row: GridRow; index: number; found?: Record<string, string[]>; card: Props["card"]; onOpen: (key: string) => void }) {
  const { t } = useTranslation("grid");
  const wrong = [...Object.values(found ?? {}).flat(), ...(Object.keys(row.unread).length > 0 ? [t("notReadCount", { count: Object.keys(row.unread).length })] : [])];
  return (
    <li data-removed={row.removed || undefined} data-wrong={wrong.length > 0 || undefined}>
      <UnstyledButton className={classes.card} onClick={() => onOpen(row.key)}>
        <span className={classes.cardNumber}>{index + 1}</span>
        <span className={classes.cardBody}>
          {card(row)}
          {wrong.length > 0 && <span className={classes.error}>{wrong.join(" ")}</span>}
        </span>
      </UnstyledButton>
    </li>
  );
});
