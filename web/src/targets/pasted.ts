import type { Column } from "~/grid/columns";
import { isNamed } from "~/grid/columns";
import { readCell, styleIn, tableOf } from "~/grid/paste";
import type { Written } from "~/grid/rows";
import { readDecimal } from "~/fields/decimals";

export type Line = { key: string; name: string; frozen?: boolean };
/** What a pasted table writes, and what of it was not taken. */
export type Plan = { writes: { key: string; written: Written }[]; figures: number; unread: number; /** Names that nobody bears, or several. */ strangers: string[] };

const plain = (text: string | undefined) => (text ?? "").trim().toLowerCase();
const isFigureText = (text: string) => readDecimal(text.replace(/[A-Z]{3}|[$€£¥￥₹₩]/gi, ""))?.match(/^-?[\d.,]+$/) !== null;

/** Whether a heading means the column: by what it is called, or without its year. */
function means(column: Column, heading: string): boolean {
  if (isNamed(column, heading)) return true;
  const said = plain(heading);
  const withoutYear = (text: string | undefined) => plain(text).replace(/\s*\d{4}(\/\d\d)?年?\s*/, "");
  return said !== "" && [column.field.label.en, column.field.label["zh-CN"]].some((name) => withoutYear(name) === said && said !== "");
}

/**
 * Reads figures copied from a spreadsheet. With a column of names each line goes to whom it names, wherever one has pasted; with headings each
 * column to its period; without them it is taken as it lies, from the cell on in which one stands.
 */
export function planOf(text: string, at: { row: number; column: number }, lines: Line[], columns: Column[], currency: string): Plan {
  const table = tableOf(text);
  const byHeading = (table[0] ?? []).map((heading) => columns.find((column) => means(column, heading)));
  const headed = table.length > 1 && byHeading.some(Boolean);
  const body = headed ? table.slice(1) : table;
  const width = Math.max(0, ...body.map((line) => line.length));
  const known = new Map<string, Line | undefined>();
  for (const line of lines) if (!line.frozen) known.set(plain(line.name), known.has(plain(line.name)) ? undefined : line);
  const names = Array.from({ length: width }, (_, index) => index).find((index) => !byHeading[index] && body.some((line) => known.get(plain(line[index]))) && body.every((line) => plain(line[index]) === "" || !isFigureText(line[index]!)));
  const start = names !== undefined && !headed ? names + 1 : 0;
  const first = names !== undefined && !headed ? Math.max(0, width - start < columns.length ? at.column : 0) : at.column;
  const columnAt = (index: number): Column | undefined => (headed ? byHeading[index] : index < start ? undefined : columns[first + index - start]);
  const style = styleIn(body, (index) => columnAt(index)?.field);
  const plan: Plan = { writes: [], figures: 0, unread: 0, strangers: [] };
  body.forEach((cells, index) => {
    const line = names === undefined ? lines[at.row + index] : known.get(plain(cells[names]));
    if (!line || line.frozen) {
      if (names !== undefined && plain(cells[names])) plan.strangers.push(cells[names]!.trim());
      return;
    }
    const written: Required<Pick<Written, "fields" | "unread">> = { fields: {}, unread: {} };
    cells.forEach((cell, place) => {
      const column = columnAt(place);
      if (!column) return;
      const read = readCell(column.field, cell, currency, style);
      written.fields[column.field.key] = "value" in read ? read.value : null;
      if ("value" in read) plan.figures += read.value === null ? 0 : 1;
      else {
        written.unread[column.field.key] = cell.trim();
        plan.unread += 1;
      }
    });
    if (Object.keys(written.fields).length > 0) plan.writes.push({ key: line.key, written });
  });
  return plan;
}
