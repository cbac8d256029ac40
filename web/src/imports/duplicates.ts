// What is done with rows that are alike to records, or to rows of the same file.
import type { DuplicateOptions, ImportOptions, ImportProblem, RowChoice } from "~/api/imports";

export const ALIKE_CODES = ["duplicate.found", "duplicate.in_file"] as const;
export const THEN = ["create", "skip", "update", "refuse"] as const;

/** As it holds: looked for, and created all the same, where nothing else has been said. */
export const duplicatesOf = (options: Pick<ImportOptions, "duplicates">): Required<DuplicateOptions> => ({ check: true, then: "create", ...options.duplicates, rows: options.duplicates?.rows ?? {} });

/** One row done otherwise than the others; nothing lets it go with them again. */
export function withRow(options: Pick<ImportOptions, "duplicates">, line: number, choice: RowChoice | null): DuplicateOptions {
  const now = duplicatesOf(options);
  const { [String(line)]: _before, ...rest } = now.rows;
  return { ...now, rows: choice ? { ...rest, [String(line)]: choice } : rest };
}

/** Whether a record was found that can be updated instead: one in the database. */
export const mayUpdate = (problem: Pick<ImportProblem, "matches">): boolean => (problem.matches ?? []).some((match) => match.id != null);

/** Rows by their lines, each once: what met a record and a row of the file tells both. */
export function alikeRows(problems: ImportProblem[]): ImportProblem[] {
  const rows = new Map<string, ImportProblem>();
  for (const problem of problems) {
    const key = `${problem.step ?? 0} ${problem.line}`;
    const known = rows.get(key);
    rows.set(key, known ? { ...known, matches: [...(known.matches ?? []), ...(problem.matches ?? [])] } : problem);
  }
  return [...rows.values()].sort((a, b) => (a.step ?? 0) - (b.step ?? 0) || a.line - b.line);
}
