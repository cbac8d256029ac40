import { Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Field, Rec } from "~/api/types";
import type { GridRow } from "~/grid/rows";
import { useLanguage } from "~/i18n";
import type { Editing } from "~/records/Detail";
import { InlineField } from "~/records/InlineField";
import { RecordDialog } from "~/records/RecordDialog";
import { formatDecimal, formatMoney } from "~/ui/format";
import { addUp, moneyOf, totalsOf, type Sum } from "./arithmetic";
import { amountsOf } from "./lineColumns";
import classes from "./lines.module.css";

type Fact = { name: string; figure: string; strong?: boolean; /** Its percent can be changed here. */ rate?: Field };
type Props = { record: Rec; rows: GridRow[]; currency: string; changed: boolean; may: boolean };

/** What the rows come to as they stand now, saved or not. Amounts in several currencies stay apart. */
export function Totals({ record, rows, currency, changed, may }: Props) {
  const { t } = useTranslation("lines");
  const language = useLanguage();
  const { own, list } = useMemo(() => {
    const counted = rows.filter((row) => !row.removed).map(amountsOf);
    return { own: addUp(counted.map((one) => one.own)), list: addUp(counted.map((one) => one.list)) };
  }, [rows]);
  const money = (sum: Sum) => formatMoney(moneyOf(sum), language);
  const percent = (text: unknown) => `${formatDecimal(String(text), language)}%`;
  const whole = record.object !== "opportunity";
  const { discount, tax_rate: taxRate } = record.fields;
  // The server reckons with the same rules; what it says holds once it has been saved.
  const single = own.length === 1 && own[0]!.currency === currency ? own[0]! : undefined;
  const totals = whole && single ? totalsOf(single, list.find((sum) => sum.currency === currency) ?? { units: 0n, currency }, discount as string | null, taxRate as string | null) : undefined;
  const object = useObject(record.object);
  const [editing, setEditing] = useState<Editing>();
  // Discount and tax are said once: where they may be changed, in their place among the totals.
  const rate = (key: string) => (whole && may && record.can?.includes("edit") ? object?.fields.find((field) => field.key === key && field.access === "write") : undefined);
  const [discountField, taxField] = [rate("discount"), rate("tax_rate")];
  const facts: Fact[] = totals
    ? [
        { name: t("linesTotal"), figure: money(totals.lines) },
        ...(discount || discountField ? [{ name: discountField ? t("wholeDiscountName") : t("wholeDiscount", { percent: percent(discount) }), figure: discount ? money(totals.discount) : "", rate: discountField }] : []),
        ...(discount || taxRate ? [{ name: t("subtotal"), figure: money(totals.subtotal) }] : []),
        ...(taxRate || taxField ? [{ name: taxField ? t("taxName") : t("tax", { percent: percent(taxRate) }), figure: taxRate ? money(totals.tax) : "", rate: taxField }] : []),
        { name: t("total"), figure: money(totals.total), strong: true },
      ]
    : own.map((sum) => ({ name: own.length > 1 ? t("linesTotalIn", { currency: sum.currency }) : t("linesTotal"), figure: money(sum), strong: true }));
  if (facts.length === 0) return null;
  return (
    <div className={classes.totals}>
      <dl aria-label={t("totals")}>
        {facts.map(({ name, figure, strong, rate: field }) => (
          <div key={name} data-strong={strong || undefined} data-rate={field ? true : undefined}>
            <dt>
              {name}
              {field && object && <InlineField object={object} record={record} field={field} onConflict={setEditing} />}
            </dt>
            <dd className="money">{figure}</dd>
          </div>
        ))}
        {totals?.offList !== undefined && totals.offList !== "0" && (
          <div data-quiet>
            <dt>{t("offList")}</dt>
            <dd className="figures">{percent(totals.offList)}</dd>
          </div>
        )}
      </dl>
      {editing && object && <RecordDialog object={object} record={editing.base ?? record} given={editing.draft} present={editing.present} onClose={() => setEditing(undefined)} />}
      {own.length > 1 && (
        <Text size="xs" c="dimmed">
          {t("severalCurrencies")}
        </Text>
      )}
      {changed && (
        <Text size="xs" c="dimmed">
          {t("asTyped")}
        </Text>
      )}
    </div>
  );
}
