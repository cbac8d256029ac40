// What is done with rows that are alike to records, or to rows of the same file.
import type { DuplicateOptions, ImportOptions, ImportProblem, RowChoice } from "~/api/imports";

export const ALIKE_CODES = ["duplicate.found", "duplicate.in_file"] as const;
export const THEN = ["refuse", "create", "skip", "update"] as const;

/** As it holds: looked for, and created where only warned, where nothing else has been said. */
export const duplicatesOf = (options: Pick<ImportOptions, "duplicates">): Required<DuplicateOptions> => ({ check: true, then: "create", ...options.duplicates, rows: options.duplicates?.rows ?? {} });

/** One row done otherwise than the others; nothing lets it go with them again. */
export function withRow(options: Pick<ImportOptions, "duplicates">, line: number, choice: RowChoice | null): DuplicateOptions {
  const now = duplicatesOf(options);
  const { [String(line)]: _before, ...rest } = now.rows;
  return { ...now, rows: choice ? { ...rest, [String(line)]: choice } : rest };
}

/** What a row met, in words, with the record where one may go there. */
export type AlikeMet = { words: string; object?: string; id?: string };
export type AlikeRow = { step: number; line: number; met: AlikeMet[]; /** A record was met, which can be changed instead. */ known: boolean; /** What became of the row. */ outcome?: ImportProblem["outcome"] };

/** Rows by their lines, each once, with all that they met. */
export function alikeRows(problems: ImportProblem[]): AlikeRow[] {
  const rows = new Map<string, AlikeRow>();
  for (const problem of problems) {
    const step = problem.step ?? 0;
    const key = `${step} ${problem.line}`;
    const row = rows.get(key) ?? { step, line: problem.line, met: [], known: false };
    const told = row.met.some((it) => it.words === problem.message);
    const met: AlikeMet = { words: problem.message, ...(problem.met?.id && { object: problem.met.object, id: problem.met.id }) };
    rows.set(key, { ...row, met: told ? row.met : [...row.met, met], known: row.known || problem.code === ALIKE_CODES[0], outcome: problem.outcome ?? row.outcome });
  }
  return [...rows.values()].sort((a, b) => a.step - b.step || a.line - b.line);
}
