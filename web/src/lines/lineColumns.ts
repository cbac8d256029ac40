import { useMemo } from "react";
import type { Field, MoneyValue, ObjectDef, Value } from "~/api/types";
import { editableFields } from "~/fields/draft";
import { columnsOf, type Column } from "~/grid/columns";
import { valueOf, type GridRow } from "~/grid/rows";
import { useLanguage } from "~/i18n";
import { formatDecimal, formatMoney } from "~/ui/format";
import { lineAmount, moneyOf, type Sum } from "./arithmetic";
import { isLine } from "./places";

const LAID_OUT: Record<string, [key: string, width: number, grows?: boolean][]> = {
  line: [["product", 190, true], ["name", 170, true], ["quantity", 84], ["unit", 72], ["list_price", 104], ["price", 118], ["discount", 84], ["amount", 120], ["description", 200]],
  price_book_entry: [["product", 260, true], ["price", 150]],
};

// Rows are never changed but replaced, so what one comes to is worked out once for each.
const amounts = new WeakMap<GridRow, { own?: Sum; list?: Sum }>();

/** What a row comes to at its price, and at the list price; at its own where there is none. As the server reckons it. */
export function amountsOf(row: GridRow): { own?: Sum; list?: Sum } {
  let found = amounts.get(row);
  if (!found) {
    const quantity = valueOf(row, "quantity");
    const price = valueOf(row, "price");
    const listed = valueOf(row, "list_price") as MoneyValue | null | undefined;
    const comparable = listed && (!price || listed.currency === (price as MoneyValue).currency) ? listed : price;
    found = { own: lineAmount(price, quantity, valueOf(row, "discount")), list: lineAmount(comparable, quantity, null) };
    amounts.set(row, found);
  }
  return found;
}

const detailOf = (fields: Record<string, Value>) => [fields.code, fields.unit].filter((text) => typeof text === "string" && text !== "").join(" · ") || undefined;

/** The columns in which rows of an object are edited: those of lines and prices have their own order, others follow from the object. */
export function useColumns(object: ObjectDef | undefined, link: string | undefined): Column[] {
  const language = useLanguage();
  return useMemo(() => {
    if (!object) return [];
    const order = LAID_OUT[isLine(object.key) ? "line" : object.key];
    const plain = columnsOf(object, link);
    if (!order) return plain;
    const editable = new Set(editableFields(object.fields, "create", object.key).map((field) => field.key));
    const ordered = order.flatMap(([key, width, grows]): Column[] => {
      const field = object.fields.find((it) => it.key === key);
      return field ? [{ field, width, grows, apart: field.type === "long_text", ...(editable.has(key) ? {} : { shows: (row: GridRow) => shownIn(field, row, language) }), ...(key === "product" ? { offers: { fields: ["code", "unit", "list_price"], only: { field: "active", value: true }, detail: detailOf } } : {}) }] : [];
    });
    // Fields that an administrator has added are filled in where a row is opened by itself.
    const own = plain.filter((column) => !order.some(([key]) => key === column.field.key) && column.field.own).map((column) => ({ ...column, apart: true }));
    return [...ordered, ...own];
  }, [object, link, language]);
}

function shownIn(field: Field, row: GridRow, language: "en" | "zh-CN") {
  const value = field.key === "amount" ? moneyIn(amountsOf(row).own) : valueOf(row, field.key);
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "object" && "amount" in value) return formatMoney(value, language);
  if (field.type === "reference") return row.refs?.[String(value)]?.name ?? null;
  return field.type === "number" ? formatDecimal(String(value), language) : String(value);
}

const moneyIn = (sum: Sum | undefined) => sum && moneyOf(sum);
