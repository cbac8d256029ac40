// Holding: how many records a person, a department or a group may have, who has how many, and what is asked when there is no room.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put, query } from "./http";
import type { Condition, Label, Refs, Value } from "./types";

export type Subject = { kind: "employees"; condition?: Condition | null } | { kind: "departments"; ids: string[]; with_sub: boolean } | { kind: "groups"; ids: string[] };
export type Limit = { kind: "number"; number: number } | { kind: "variable"; field: string };

/** When a record counts at all. */
export type Definition = { object: string; condition?: Condition | null; version: number };
export type HoldingRuleDocument = { object: string; name: string; active: boolean; note?: string | null; subject: Subject; counts?: Condition | null; limit: Limit };
export type HoldingRule = HoldingRuleDocument & { id: string; version: number };
export type HoldingRules = { items: HoldingRule[]; refs: Refs };
/** A field of Employee that a limit may be read from. */
export type Variable = { field: string; label: Label; kind: "number" | "calculated" | "statistical" };

/** Somebody whom a rule reaches: how many he may have, and has. */
/** Where a limit comes from: a plain number, or a field of Employee. */
export type LimitFrom = string | { field: string; label?: Label | null };
export type Reached = { id: string; object: "employee" | "department" | "user_group"; limit: number | null; limit_from: LimitFrom; held: number; over: boolean; over_before?: boolean };
export type Usage = { subjects: Reached[]; /** How many are not told by name. */ more?: number; people: number; over: number; newly_over?: number; refs: Refs };
export type DefinitionUsage = { over: number; newly_over: number; rules: (Usage & { rule: { id: string; name: string } })[] };

/** A rule as it stands for one person, or for the department or group that shares it. */
export type Holding = {
  rule: { id: string; name: string; note?: string | null };
  object: string;
  subject: { object: "employee" | "department" | "user_group"; id: string };
  shared: boolean;
  limit: number | null;
  limit_from: LimitFrom;
  held: number;
  /** How many of them are his own. */
  mine: number | null;
  room: number | null;
  over: boolean;
  filter?: Condition | null;
};
export type Holdings = { items: Holding[]; refs: Refs };
export type TeamPage = { people: { person: string; department?: string | null; items: Holding[] }[]; /** Departments and groups to which those of the page belong. */ shared: Holding[]; refs?: Refs; next_cursor?: string | null };
/** A member, a department or a group with every rule that reaches it. */
export type TeamLine = { subject: { object: "employee" | "department" | "user_group"; id: string }; rules: Holding[] };

/** A rule that was looked at for what is asked. */
export type RuleRoom = {
  /** Its id, or the rule itself. */
  rule: string | { id: string; name: string; note?: string | null };
  name?: string;
  subject: { object: string; id: string; name?: string | null };
  shared?: boolean;
  limit: number | null;
  limit_from: LimitFrom;
  held: number;
  asked: number;
  room: number | null;
  over?: boolean;
};
export type Freeing = { id: string; name?: string | null; stale_since?: string | null; last_followed_at?: string | null; stage?: string | null };
export type Checked = { allowed: boolean; rules: RuleRoom[]; frees: Freeing[]; refs?: Refs };
export type CheckAsked = { object: string; person?: string; fields?: Record<string, Value>; records?: string[] };

/** A place in the line for room. */
export type Waiting = { id: string; object: string; record?: string | null; place: number; since: string; /** When one was told that there is room. */ told_at?: string | null };
export type WaitingList = { items: Waiting[]; refs?: Refs };

export const holdingKeys = { rules: ["holding-rules"] as const, definition: (object: string) => ["holding-definition", object] as const, holdings: ["holdings"] as const };

export const holdingRuleOf = ({ object, name, active, note, subject, counts, limit }: HoldingRuleDocument): HoldingRuleDocument => ({
  object, name, active, ...(note ? { note } : {}), subject, ...(counts ? { counts } : {}), limit,
});

export const useHoldingRules = (enabled = true) => useQuery({ queryKey: holdingKeys.rules, queryFn: () => get<HoldingRules>("/holding-rules"), enabled });
export const useVariables = (enabled = true) => useQuery({ queryKey: [...holdingKeys.rules, "variables"], queryFn: () => get<{ items: Variable[] }>("/holding-rules/variables"), enabled, staleTime: 60_000 });
export const useDefinition = (object: string) => useQuery({ queryKey: holdingKeys.definition(object), queryFn: () => get<Definition>(`/holding-definition/${object}`) });
export const useUsage = (rule: string, version: number) => useQuery({ queryKey: [...holdingKeys.rules, rule, version, "usage"], queryFn: () => get<Usage>(`/holding-rules/${rule}/usage`) });

/** What a rule that is not saved would do; with `id` in place of the one that is there. */
export function useRulePreview(rule: HoldingRuleDocument & { id?: string }, enabled: boolean) {
  return useQuery({
    queryKey: ["holding-preview", rule],
    queryFn: ({ signal }) => post<Usage>("/holding-rules/preview", rule, { signal }),
    enabled,
    retry: false,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}

export function useDefinitionPreview(object: string, condition: Condition | null, enabled: boolean) {
  return useQuery({
    queryKey: ["holding-preview", "definition", object, condition],
    queryFn: ({ signal }) => post<DefinitionUsage>(`/holding-definition/${object}/preview`, { condition }, { signal }),
    enabled,
    retry: false,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}

/** A rule changes what everybody holds by it. */
function useAfterRules() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: holdingKeys.holdings });
    void client.invalidateQueries({ queryKey: ["holding-definition"] });
    return client.invalidateQueries({ queryKey: holdingKeys.rules });
  };
}

export function useSaveHoldingRule() {
  const after = useAfterRules();
  return useMutation({
    mutationFn: ({ document, over }: { document: HoldingRuleDocument; over?: Pick<HoldingRule, "id" | "version"> }) =>
      over ? put<HoldingRule>(`/holding-rules/${over.id}`, document, { ifMatch: over.version }) : post<HoldingRule>("/holding-rules", document),
    onSuccess: after,
  });
}

export function useDeleteHoldingRule() {
  const after = useAfterRules();
  return useMutation({ mutationFn: (rule: HoldingRule) => del(`/holding-rules/${rule.id}`, { ifMatch: rule.version }), onSuccess: after });
}

export function useSaveDefinition(object: string) {
  const after = useAfterRules();
  return useMutation({
    mutationFn: ({ condition, version }: { condition: Condition | null; version: number }) => put<Definition>(`/holding-definition/${object}`, condition ? { condition } : {}, { ifMatch: version }),
    onSuccess: after,
  });
}

export const useMyHoldings = (object?: string, enabled = true) => useQuery({ queryKey: [...holdingKeys.holdings, "me", object ?? null], queryFn: () => get<Holdings>(`/holdings/me${query({ object })}`), staleTime: 5_000, enabled });

export function useTeamHoldings(object: string | undefined, department: string | null) {
  return useInfiniteQuery({
    queryKey: [...holdingKeys.holdings, "team", object ?? null, department],
    queryFn: ({ pageParam }) => get<TeamPage>(`/holdings/team${query({ object, department, cursor: pageParam })}`),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** Whether somebody may get more, by which rules, and what would free room. */
export function useHoldingCheck(asked: CheckAsked, enabled = true) {
  return useQuery({ queryKey: [...holdingKeys.holdings, "check", asked], queryFn: ({ signal }) => post<Checked>("/holdings/check", asked, { signal }), enabled, retry: false, staleTime: 0 });
}

export const useWaitingList = (enabled = true) => useQuery({ queryKey: [...holdingKeys.holdings, "wait"], queryFn: () => get<WaitingList>("/holdings/wait"), enabled });

export function useWait() {
  const client = useQueryClient();
  const after = () => client.invalidateQueries({ queryKey: [...holdingKeys.holdings, "wait"] });
  const join = useMutation({ mutationFn: (asked: { object: string; record?: string }) => post<Waiting>("/holdings/wait", asked), onSuccess: after });
  const leave = useMutation({ mutationFn: (id: string) => del(`/holdings/wait/${id}`), onSuccess: after });
  return { join, leave };
}
