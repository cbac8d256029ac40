import type { DuplicateRuleDocument } from "~/api/duplicates";
import type { Violation } from "~/api/types";

/** The parts of a rule that have a place of their own on the screen. */
export const PARTS = ["name", "kinds", "when", "scope", "groups", "strictness", "exempt_roles", "shows", "most"];

/** The first steps of a violation's path: `groups/0/rows/1`. */
export const partOf = ({ path }: Violation, steps: number): string => (path ?? "").split(/[./]/).filter(Boolean).slice(0, steps).join("/");

/** What is said against a place, however deep under it. */
export type At = (...place: (string | number)[]) => Violation[];

export type PartProps = { draft: DuplicateRuleDocument; at: At; onChange: (change: Partial<DuplicateRuleDocument>) => void };

export const said = (findings: Violation[]): string | undefined => [...new Set(findings.map((it) => it.message || it.code))].join(" ") || undefined;
