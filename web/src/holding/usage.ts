import type { Holding, Reached, TeamLine, TeamPage } from "~/api/holdings";

/** Anything of which so many are held, of so many that may be. */
export type Filled = { limit: number | null; held: number };

/** How many more there is room for; `undefined` without a limit. */
export const roomIn = ({ limit, held }: Filled): number | undefined => (limit === null ? undefined : Math.max(0, limit) - held);

/** How full it is, from 0 to 1; what has no limit is never full, and what may hold nothing always is. */
export function fullness({ limit, held }: Filled): number {
  if (limit === null) return 0;
  if (limit <= 0) return 1;
  return Math.min(1, Math.max(0, held / limit));
}

export type Tone = "none" | "good" | "near" | "full" | "over";
const NEAR = 0.8;

/** How it stands: free, nearly full, full, or over the limit. */
export function toneOf(filled: Filled): Tone {
  const room = roomIn(filled);
  if (room === undefined) return "none";
  if (room < 0) return "over";
  if (room === 0) return "full";
  return fullness(filled) >= NEAR ? "near" : "good";
}

/** Whether there is less room than was asked for. */
export const lacksRoom = ({ room, asked }: { room: number | null; asked?: number | null }): boolean => room !== null && room < (asked ?? 0);

/** The tightest first: the least room, then the least limit; what has no limit last. */
export function byRoom(a: Filled, b: Filled): number {
  const [left, right] = [roomIn(a), roomIn(b)];
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  return left - right || (a.limit ?? 0) - (b.limit ?? 0);
}

/** Whom a change would bring over comes first, then who is over, then the fullest; by name where they are alike. */
export function sortReached(subjects: Reached[], name: (id: string) => string): Reached[] {
  const newly = (it: Reached) => Number(it.over && it.over_before === false);
  return [...subjects].sort((a, b) => newly(b) - newly(a) || Number(b.over) - Number(a.over) || byRoom(a, b) || name(a.id).localeCompare(name(b.id)));
}

/** Those for whom a rule sets no limit, because its variable is blank. */
export const unlimited = (subjects: Reached[]): Reached[] => subjects.filter((it) => it.limit === null);

export const sortHoldings = (items: Holding[]): Holding[] => [...items].sort((a, b) => byRoom(a, b) || a.rule.name.localeCompare(b.rule.name));

/** The tightest of a line's rules, which is what stops it first. */
export const tightest = (line: TeamLine): Holding | undefined => sortHoldings(line.rules)[0];

/** Members each with his rules, and departments and groups with theirs, each once however many pages tell of it. */
export function linesOf(pages: TeamPage[]): TeamLine[] {
  const people = pages.flatMap((page) => page.people.map(({ person, items }): TeamLine => ({ subject: { object: "employee", id: person }, rules: items })));
  const shared = new Map<string, Map<string, Holding>>();
  for (const one of pages.flatMap((page) => page.shared)) shared.set(one.subject.id, (shared.get(one.subject.id) ?? new Map<string, Holding>()).set(one.rule.id, one));
  return [...people, ...[...shared.values()].map((rules): TeamLine => ({ subject: [...rules.values()][0]!.subject, rules: [...rules.values()] }))];
}

export type TeamSort = "name" | "room" | "held";

export function sortTeam(lines: TeamLine[], by: TeamSort, name: (id: string) => string): TeamLine[] {
  const held = (line: TeamLine) => Math.max(0, ...line.rules.map((rule) => rule.mine ?? rule.held));
  const named = (a: TeamLine, b: TeamLine) => name(a.subject.id).localeCompare(name(b.subject.id));
  return [...lines].sort((a, b) => {
    if (by === "held") return held(b) - held(a) || named(a, b);
    if (by === "room") {
      const [left, right] = [tightest(a), tightest(b)];
      return (left && right ? byRoom(left, right) : Number(!left) - Number(!right)) || named(a, b);
    }
    return named(a, b);
  });
}
