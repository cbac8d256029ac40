import { Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Rec } from "~/api/types";
import type { GridRow } from "~/grid/rows";
import { useLabel, useLanguage } from "~/i18n";
import { InlineField } from "~/records/InlineField";
import { formatDecimal, formatMoney } from "~/ui/format";
import { addUp, moneyOf, totalsOf, type Sum } from "./arithmetic";
import { amountsOf } from "./lineColumns";
import classes from "./lines.module.css";

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
  const percent = (text: unknown) => `${formatDecimal(String(text), language)} %`;
  const whole = record.object !== "opportunity";
  const { discount, tax_rate: taxRate } = record.fields;
  // The server reckons with the same rules; what it says holds once it has been saved.
  const single = own.length === 1 && own[0]!.currency === currency ? own[0]! : undefined;
  const totals = whole && single ? totalsOf(single, list.find((sum) => sum.currency === currency) ?? { units: 0n, currency }, discount as string | null, taxRate as string | null) : undefined;
  const facts: [string, string, boolean?][] = totals
    ? [
        [t("linesTotal"), money(totals.lines)],
        ...(discount ? ([[t("wholeDiscount", { percent: percent(discount) }), money(totals.discount)]] as [string, string][]) : []),
        ...(discount || taxRate ? ([[t("subtotal"), money(totals.subtotal)]] as [string, string][]) : []),
        ...(taxRate ? ([[t("tax", { percent: percent(taxRate) }), money(totals.tax)]] as [string, string][]) : []),
        [t("total"), money(totals.total), true],
      ]
    : own.map((sum) => [own.length > 1 ? t("linesTotalIn", { currency: sum.currency }) : t("linesTotal"), money(sum), true]);
  if (facts.length === 0) return null;
  return (
    <div className={classes.totals}>
      <dl aria-label={t("totals")}>
        {facts.map(([name, figure, strong]) => (
          <div key={name} data-strong={strong || undefined}>
            <dt>{name}</dt>
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
      {whole && may && <Rates record={record} />}
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

/** The discount on the whole and the tax, which belong to the record itself. */
function Rates({ record }: { record: Rec }) {
  const label = useLabel();
  const object = useObject(record.object);
  const fields = ["discount", "tax_rate"].flatMap((key) => object?.fields.find((field) => field.key === key && field.access === "write") ?? []);
  if (!object || !record.can?.includes("edit")) return null;
  return (
    <dl className={classes.rates}>
      {fields.map((field) => (
        <div key={field.key}>
          <dt>{label(field.label)}</dt>
          <dd>
            <InlineField object={object} record={record} field={field} onConflict={() => undefined} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
