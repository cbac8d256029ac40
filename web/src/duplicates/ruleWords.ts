// What a rule does, in words: which values must be alike, and what comes of it.
import type { DuplicateRuleDocument, MatchGroup, MethodKey, Row, RuleKind, Strict, Verdict } from "~/api/duplicates";

const CERTAIN: MethodKey[] = ["exact", "same_digits"];

/** What a group comes to: by its methods, those that say for certain block. */
export function verdictOf(strict: Strict, group: Pick<MatchGroup, "rows">): Verdict {
  if (strict !== "by_method") return strict;
  return group.rows.every((row) => CERTAIN.includes(row.method)) ? "block" : "warn";
}

export type RowWords = {
  method: Record<MethodKey, (field: string, setting: number) => string>;
  across: (own: string, other: string) => string;
  and: string;
};

const settingOf = (row: Row) => row.threshold ?? row.days ?? row.percent ?? 0;

/** "name alike from 85 % and city equal". */
export function groupWords(group: MatchGroup, nameOf: (row: Row) => { own: string; other: string }, words: RowWords): string {
  return group.rows
    .map((row) => {
      const { own, other } = nameOf(row);
      return words.method[row.method](own === other ? own : words.across(own, other), settingOf(row));
    })
    .join(words.and);
}

/** The places where a rule judges. */
export const kindsOf = (rule: Pick<DuplicateRuleDocument, "kinds">): RuleKind[] => (["new", "import", "tool"] as const).filter((kind) => rule.kinds[kind]);
