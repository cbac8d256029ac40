import type { NumberStyle } from "~/fields/decimals";
import { readDecimal, withPoint } from "~/fields/decimals";
import { isLookedUp, isNamed, type Choice, type Column } from "./columns";
import { isNumeric, readCell, styleIn } from "./paste";
import type { Written } from "./rows";

/** Into which column each column of a pasted table goes; nothing where it stays outside. */
export type Mapping = (Column | undefined)[];

export type Layout = { lines: string[][]; mapping: Mapping; style: NumberStyle; headed: boolean; /** The columns follow each other as in the grid: there is nothing to ask. */ plain: boolean };

const isFigureText = (text: string) => {
  const bare = text.trim().replace(/[A-Z]{3}|[$€£¥￥₹₩%％]/gi, "");
  return ["point", "comma"].some((style) => /^-?[\d.]+$/.test(readDecimal(withPoint(bare, style as NumberStyle)) ?? ""));
};

/** How a pasted table is to be taken: by its headings, else figures into the next column of figures and words into the next one of words. */
export function layoutOf(table: string[][], columns: Column[], at: number): Layout {
  const open = columns.filter((column) => !column.shows && !column.apart);
  const width = Math.max(...table.map((line) => line.length));
  const headings = table[0] ?? [];
  const named = headings.map((heading) => columns.find((column) => !column.shows && isNamed(column, heading)));
  const headed = table.length > 1 && named.filter(Boolean).length >= Math.max(1, Math.ceil(headings.filter((text) => text.trim()).length / 2));
  if (headed) return withStyle(table.slice(1), Array.from({ length: width }, (_, column) => named[column]), true, false);
  let next = Math.max(0, open.indexOf(columns[at]!));
  const first = next;
  const mapping = Array.from({ length: width }, (_, column) => {
    const texts = table.map((line) => line[column] ?? "").filter((text) => text.trim() !== "");
    // A word among figures is one that somebody has to put right, not a reason to take them for words.
    const figures = texts.length > 0 && texts.filter(isFigureText).length * 2 >= texts.length;
    const fits = texts.length === 0 ? next : open.findIndex((it, index) => index >= next && isNumeric(it.field) === figures);
    const taken = fits >= 0 && column > 0 ? fits : next;
    next = taken + 1;
    return open[taken];
  });
  return withStyle(table, mapping, false, mapping.every((column, index) => column === open[first + index]));
}

const withStyle = (lines: string[][], mapping: Mapping, headed: boolean, plain: boolean): Layout => ({ lines, mapping, headed, plain, style: styleIn(lines, (column) => mapping[column]?.field) });

/** Texts of a table that name records, by the object they are to be found among. */
export function namesIn({ lines, mapping }: Pick<Layout, "lines" | "mapping">): Map<Column, string[]> {
  const names = new Map<Column, string[]>();
  mapping.forEach((column, at) => {
    if (column && (isLookedUp(column) || ["employee", "department"].includes(column.field.type))) names.set(column, lines.map((line) => line[at]?.trim() ?? "").filter(Boolean));
  });
  return names;
}

export type PastedCell = { column: Column | undefined; text: string; understood: boolean; choice?: Choice };
export type PastedRow = { cells: PastedCell[]; written: Written; choices: { column: Column; choice: Choice }[] };

/** What each line of a table writes; `found` knows the records by the names that stand in it. */
export function readTable({ lines, mapping, style }: Pick<Layout, "lines" | "mapping" | "style">, currency: string, found: (column: Column, name: string) => Choice | undefined): PastedRow[] {
  return lines.map((line) => {
    const written: Required<Written> = { fields: {}, refs: {}, unread: {} };
    const choices: PastedRow["choices"] = [];
    const cells = line.map((text, at): PastedCell => {
      const column = mapping[at];
      if (!column) return { column, text, understood: true };
      const { key } = column.field;
      const read = readCell(column.field, text, currency, style);
      if ("value" in read) {
        written.fields[key] = read.value;
        return { column, text, understood: true };
      }
      const choice = "lookUp" in read ? found(column, read.lookUp) : undefined;
      written.fields[key] = choice?.id ?? null;
      if (choice) {
        written.refs[choice.id] = { object: "lookUp" in read ? read.object : "", name: choice.name };
        choices.push({ column, choice });
      } else written.unread[key] = text.trim();
      return { column, text, understood: choice !== undefined, choice };
    });
    return { cells, written, choices };
  });
}

export const notUnderstood = (rows: PastedRow[]) => rows.reduce((count, row) => count + row.cells.filter((cell) => !cell.understood).length, 0);
