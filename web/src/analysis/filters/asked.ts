import type { Condition } from "~/api/types";

/** Which deals an analysis is about, as its address says. */
export type AnalysisAsked = {
  /** The id of a sales process. */
  process?: string;
  owner?: string;
  /** With those below it. */
  department?: string;
  filter?: Condition;
};

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** Reads the address; what it does not understand is left out. */
export function askedOf(search: Record<string, unknown>): AnalysisAsked {
  const asked: AnalysisAsked = {};
  const filter = search.filter;
  if (text(search.process)) asked.process = text(search.process);
  if (text(search.owner)) asked.owner = text(search.owner);
  if (text(search.department)) asked.department = text(search.department);
  if (typeof filter === "object" && filter !== null && !Array.isArray(filter)) asked.filter = filter as Condition;
  return asked;
}

/** The same as the server is asked: whose deals they are is a condition like any other. */
export function questionOf(asked: AnalysisAsked): { process?: string; filter?: Condition } {
  const parts: Condition[] = [];
  if (asked.owner) parts.push({ field: "owner", op: "eq", value: asked.owner });
  if (asked.department) parts.push({ field: "owner_department", op: "in_department", value: { id: asked.department, with_sub: true } });
  if (asked.filter) parts.push(asked.filter);
  return { process: asked.process, filter: parts.length > 1 ? { all: parts } : parts[0] };
}

export const isNarrowed = ({ owner, department, filter }: AnalysisAsked) => Boolean(owner || department || filter);
