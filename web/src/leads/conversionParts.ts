import type { Offered, Part, PartWanted } from "~/api/leads";
import type { Violation, Value } from "~/api/types";

/** How somebody has chosen a part: a new one, none, one that looks alike, or another that he has looked for. */
export type Choice = { how: "new" | "none" | "candidate" | "other"; id?: string | null; fields: Record<string, Value> };

/** What a part begins with: one that looks alike is taken rather than made a second time. */
export function startOfPart(part: Part, offered: Offered): Choice {
  const first = offered.candidates[0];
  if (part === "account" && first) return { how: "candidate", id: first.id, fields: offered.fields };
  // Of contacts, having the same name alone is not enough to be the same person.
  if (part === "contact" && first?.alike?.reasons.some((reason) => reason.field !== "name")) return { how: "candidate", id: first.id, fields: offered.fields };
  return { how: offered.may_create ? "new" : "none", fields: offered.fields };
}

/** What the server is asked for. */
export function wantedOf(choice: Choice | undefined): PartWanted {
  if (!choice || choice.how === "none") return null;
  if (choice.how === "new") return { fields: Object.fromEntries(Object.entries(choice.fields).filter(([, value]) => value !== null && value !== undefined && value !== "")) };
  return choice.id ? { id: choice.id } : null;
}

/** The violations of each part, with paths as its own fields have them; the others concern the whole. */
export function byPart(violations: Violation[], parts: readonly string[]): { of: Record<string, Violation[]>; whole: Violation[] } {
  const of: Record<string, Violation[]> = {};
  const whole: Violation[] = [];
  for (const violation of violations) {
    const [part = "", ...rest] = (violation.path ?? "").split("/");
    if (parts.includes(part)) (of[part] ??= []).push({ ...violation, path: rest.join("/") });
    else whole.push(violation);
  }
  return { of, whole };
}
