/** The head of a CSV file: its columns and a few rows to look at. Reading the whole file is the server's work. */
export interface CsvStart {
  columns: string[];
  rows: string[][];
}

const DELIMITERS = [",", ";", "\t"] as const;

/** Reads the first rows of a text, quoted fields with line breaks in them included. */
export function readCsvStart(text: string, rows = 3): CsvStart {
  const plain = text.replace(/^\uFEFF/, "");
  const delimiter = delimiterOf(plain);
  const lines: string[][] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;

  const endCell = () => {
    cells.push(cell);
    cell = "";
  };
  const endLine = () => {
    endCell();
    if (cells.some((it) => it.trim() !== "")) lines.push(cells);
    cells = [];
  };
  for (let at = 0; at < plain.length && lines.length <= rows; at += 1) {
    const sign = plain[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (plain[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === delimiter) endCell();
    else if (sign === "\n") endLine();
    else if (sign !== "\r") cell += sign;
  }
  if (lines.length <= rows && (cell !== "" || cells.length > 0)) endLine();
  const [head = [], ...rest] = lines;
  return { columns: head.map((name) => name.trim()), rows: rest.slice(0, rows) };
}

// The sign that the first line has most of.
function delimiterOf(text: string): string {
  const line = text.slice(0, text.indexOf("\n") === -1 ? undefined : text.indexOf("\n"));
  const counts = DELIMITERS.map((sign) => ({ sign, count: line.split(sign).length }));
  return counts.reduce((best, it) => (it.count > best.count ? it : best)).sign;
}
