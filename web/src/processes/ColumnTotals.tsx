import { Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { BoardColumn } from "~/api/types";
import { useLanguage } from "~/i18n";
import { formatMoney, formatMoneyCompact } from "~/ui/format";
import classes from "./board.module.css";
import { figureOf } from "./boardMoves";

/** The sums of a column: converted and weighted in front, each currency apart behind. Never one mixed figure. */
export function ColumnTotals({ column, mainCurrency }: { column: BoardColumn; mainCurrency: string }) {
  const { t } = useTranslation("processes");
  const language = useLanguage();
  const full = (amount: string, currency: string) => formatMoney({ amount, currency }, language);
  const brief = (amount: string) => formatMoneyCompact({ amount, currency: mainCurrency }, language);
  const main = figureOf(column.amount_main);
  const weighted = figureOf(column.weighted_main);
  const foreign = column.totals.some((total) => total.currency !== mainCurrency);
  const details = (
    <div>
      {foreign && (
        <>
          <Text size="xs" fw={600}>
            {t("perCurrency")}
          </Text>
          {column.totals.map((total) => (
            <div key={total.currency}>{full(total.amount, total.currency)}</div>
          ))}
        </>
      )}
      {main !== undefined && (
        <div>
          {t(foreign ? "converted" : "total")}: {full(main, mainCurrency)}
        </div>
      )}
      {weighted !== undefined && (
        <div>
          {t("weighted")}: {full(weighted, mainCurrency)}
        </div>
      )}
    </div>
  );
  return (
    <Tooltip label={details} multiline openDelay={200}>
      <p className={classes.totals}>
        <span className={classes.total}>
          {foreign ? "≈ " : ""}
          {brief(main ?? "0")}
        </span>
        {weighted !== undefined && column.type === "in_progress" && (
          <span className={classes.weighted}>
            {brief(weighted)} {t("weighted")}
          </span>
        )}
      </p>
    </Tooltip>
  );
}
