import type { Party } from "~/api/processes";

/** Those who are named by their part alone, in the order in which they are offered. */
export const PLAIN_PARTIES = ["owner", "owner_manager", "department_manager", "creator", "team"] as const;

/** A party as the value of a choice: `owner`, `team_role:sponsor`, `field:x_engineer`, `person:0192…`. */
export function valueOf(party: Party): string {
  switch (party.kind) {
    case "team_role":
      return `team_role:${party.role}`;
    case "field":
      return `field:${party.field}`;
    case "person":
      return `person:${party.id}`;
    default:
      return party.kind;
  }
}

/** And back. */
export function partyOf(value: string): Party {
  const [kind, ...rest] = value.split(":");
  const named = rest.join(":");
  if (kind === "team_role") return { kind, role: named };
  if (kind === "field") return { kind, field: named };
  if (kind === "person") return { kind, id: named };
  return { kind: PLAIN_PARTIES.find((it) => it === kind) ?? "owner" };
}

export const peopleIn = (parties: Party[]): string[] => parties.flatMap((party) => (party.kind === "person" ? [party.id] : []));
