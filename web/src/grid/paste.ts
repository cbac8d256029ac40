import type { Field, Value } from "~/api/types";
import { numberStyleOf, readDecimal, withPoint, type NumberStyle } from "~/fields/decimals";

/** Cells copied from a spreadsheet: lines of values with tabs between them; a cell with quotes may hold both. */
export function tableOf(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < body.length; at += 1) {
    const letter = body[at]!;
    if (quoted) {
      if (letter === '"' && body[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (letter === '"') quoted = false;
      else cell += letter;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === "\t" || letter === "\n") {
      rows.at(-1)!.push(cell);
      cell = "";
      if (letter === "\n") rows.push([]);
    } else cell += letter;
  }
  rows.at(-1)!.push(cell);
  return rows;
}

/** More than one cell: then it is a table, else it is a text to be typed into the one. */
export const isTable = (text: string) => /[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""));

/** What a pasted text means in a column: a value, a name to look up, or nothing that can be read. */
export type Read = { value: Value } | { lookUp: string; object: string } | { unread: string };

const TRUE = ["true", "yes", "y", "x", "1", "是"];
const FALSE = ["false", "no", "n", "0", "", "否"];

// A dollar or a yen sign stands for several currencies: it says no more than the column does.
const SIGNS: Record<string, string> = { "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW" };

/** Whether a text in the column is a number. */
export const isNumeric = (field: Field) => ["number", "percent", "currency"].includes(field.type);

/** The style of the numbers that stand in columns of numbers. */
export const styleIn = (table: string[][], fieldAt: (column: number) => Field | undefined): NumberStyle =>
  numberStyleOf(table.flatMap((line) => line.filter((_, at) => { const field = fieldAt(at); return field && isNumeric(field); })));

export function readCell(field: Field, text: string, currency: string, style: NumberStyle = "point"): Read {
  const typed = text.trim();
  if (typed === "") return { value: null };
  switch (field.type) {
    case "number":
      return decimal(typed, style);
    case "percent":
      return decimal(typed.replace(/\s*[%％]$/, ""), style);
    case "currency": {
      const code = /[A-Z]{3}/i.exec(typed)?.[0].toUpperCase();
      const sign = /[€£₹₩]/.exec(typed)?.[0];
      const amount = decimal(typed.replace(/[A-Z]{3}|[$€£¥￥₹₩]/gi, ""), style);
      return "value" in amount ? { value: { amount: String(amount.value), currency: code ?? (sign && SIGNS[sign]) ?? currency } } : { unread: typed };
    }
    case "boolean":
      return TRUE.includes(typed.toLowerCase()) ? { value: true } : FALSE.includes(typed.toLowerCase()) ? { value: false } : { unread: typed };
    case "select": {
      const same = (one: string | undefined) => one?.toLowerCase() === typed.toLowerCase();
      const option = field.options?.find((it) => it.active && (same(it.key) || same(it.label.en) || same(it.label["zh-CN"])));
      return option ? { value: option.key } : { unread: typed };
    }
    case "date": {
      const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(typed);
      if (!found) return { unread: typed };
      const [, year, month, day] = found;
      return { value: `${year}-${month!.padStart(2, "0")}-${day!.padStart(2, "0")}` };
    }
    case "reference":
    case "employee":
    case "department":
      return { lookUp: typed, object: field.type === "reference" ? (field.object ?? "") : field.type };
    case "text":
    case "email":
    case "phone":
    case "url":
      return { value: typed };
    default:
      return { unread: typed };
  }
}

function decimal(typed: string, style: NumberStyle): Read {
  const read = readDecimal(withPoint(typed, style));
  return read !== null && /^-?[\d.]+$/.test(read) ? { value: read } : { unread: typed };
}
