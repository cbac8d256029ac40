import type { Holding } from "~/api/holdings";
import { ApiProblem } from "~/api/http";
import type { Violation } from "~/api/types";
import { byRoom } from "./usage";

/** The code by which a save is refused because there is no room. */
export const LIMIT_REACHED = "holding.limit_reached";

/** A rule as it stands for whom it limits: what the server tells where one asks, and what a refusal tells of it. */
export type RuleRoom = Pick<Holding, "limit" | "limit_from" | "held" | "room"> & { rule: { id: string; name: string }; subject: { object: string; id: string; name?: string | null }; asked?: number | null; object?: string };
/** As a refusal has it. */
type Told = Omit<RuleRoom, "rule"> & { rule: string; name: string };

/** A refusal for want of room: every rule in the way, whose they are, and of which records. */
export type NoRoom = { rules: RuleRoom[]; person?: string; object?: string; message: string };

export const isNoRoom = ({ code }: Violation) => code === LIMIT_REACHED;

/** Reads such a violation; those of one answer for the same person and object are one refusal. */
export function noRoomOf(violations: Violation[] | undefined | null): NoRoom | undefined {
  const met = (violations ?? []).filter(isNoRoom);
  if (met.length === 0) return undefined;
  const rules = new Map<string, RuleRoom>();
  for (const { params } of met) {
    for (const { rule, name, ...room } of Array.isArray(params?.["rules"]) ? (params["rules"] as Told[]) : []) rules.set(`${rule} ${room.subject.id}`, { ...room, rule: { id: rule, name } });
  }
  const text = (key: string) => met.map(({ params }) => params?.[key]).find((value) => typeof value === "string") as string | undefined;
  return { rules: [...rules.values()].sort(byRoom), person: text("person"), object: text("object"), message: [...new Set(met.map((it) => it.message || it.code))].join(" ") };
}

export const noRoomOfError = (error: unknown): NoRoom | undefined => (error instanceof ApiProblem ? noRoomOf(error.violations) : undefined);
