// The map of a decision as a drawing: who stands below whom.
import type { Server } from "~/api/server";

export type Person = Server["DecisionPerson"];
export type Branch = { person: Person; below: Branch[] };

const WEIGHT = ["high", "medium", "low"];

/** How much one counts: what is not known comes last. */
export function weightOf(person: Pick<Person, "influence">): number {
  const place = WEIGHT.indexOf(person.influence ?? "");
  return place === -1 ? 0 : WEIGHT.length - place;
}

/** The people as trees by whom each reports to; trees before people who stand alone, the weightier first. Nobody is lost, whatever is said. */
export function branchesOf(people: Person[]): Branch[] {
  const there = new Set(people.map((person) => person.id));
  const drawn = new Set<string>();
  const ordered = [...people].sort((a, b) => weightOf(b) - weightOf(a) || (a.name ?? "").localeCompare(b.name ?? ""));
  const branch = (person: Person): Branch => {
    drawn.add(person.id);
    return { person, below: ordered.filter((other) => other.reports_to === person.id && !drawn.has(other.id)).map(branch) };
  };
  const roots = ordered.filter((person) => !person.reports_to || !there.has(person.reports_to)).map(branch);
  // Were there ever a circle, whoever is in it is drawn from one of them on.
  for (const person of ordered) if (!drawn.has(person.id)) roots.push(branch(person));
  return roots.sort((a, b) => Number(b.below.length > 0) - Number(a.below.length > 0));
}
