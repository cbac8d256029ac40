import type { Field, Language, MoneyValue, Value } from "~/api/types";
import { formatDecimal, formatMoney } from "~/ui/format";
import { readCell } from "./paste";
import type { Written } from "./rows";

/** A value as one would type it; an amount in another currency than the grid's with its code. */
export function textOf(field: Field, value: Value, currency: string): string {
  if (value === null || value === undefined) return "";
  if (field.type === "currency") {
    const money = value as MoneyValue;
    return money.currency === currency ? money.amount : `${money.amount} ${money.currency}`;
  }
  return String(value);
}

const isPlain = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

/** A value as it stands in the grid while nobody writes in its cell. */
export function shownText(field: Field, value: Value, currency: string, language: Language): string {
  if (value === null || value === undefined || value === "") return "";
  if (field.type === "currency") {
    const money = value as MoneyValue;
    if (!isPlain(money.amount)) return textOf(field, value, currency);
    const least = Math.max(2, money.amount.split(".")[1]?.length ?? 0);
    return money.currency === currency ? formatDecimal(money.amount, language, /\.\d*$/.test(money.amount) ? least : 0) : formatMoney(money, language);
  }
  if (field.type === "number" && isPlain(String(value))) return formatDecimal(String(value), language);
  if (field.type === "percent" && isPlain(String(value))) return `${formatDecimal(String(value), language)} %`;
  return String(value);
}

/** What a typed text writes into its cell. */
export function writtenBy(field: Field, text: string, currency: string): Written {
  const read = readCell(field, text, currency);
  if ("value" in read) return { fields: { [field.key]: read.value } };
  return { fields: { [field.key]: null }, unread: { [field.key]: "unread" in read ? read.unread : text } };
}

/** The text that a typed one comes to once it has been read: to tell one's own typing from what others write into the cell. */
export function meantBy(field: Field, text: string, currency: string): string {
  const { fields, unread } = writtenBy(field, text, currency);
  return unread?.[field.key] ?? textOf(field, fields[field.key], currency);
}
