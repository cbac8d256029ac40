// Holding: how many records a person, a department or a group may have, who has how many, and what is asked when there is no room.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put, query } from "./http";
import type { Closer, Server } from "./server";
import type { Condition, Label, Value } from "./types";

export type Subject = { kind: "employees"; condition?: Condition | null } | { kind: "departments"; ids: string[]; with_sub: boolean } | { kind: "groups"; ids: string[] };
export type Limit = { kind: "number"; number: number } | { kind: "variable"; field: string };
type Counting = { condition?: Condition | null };

/** When a record counts at all. */
export type Definition = Closer<"HoldingDefinition", Counting>;
export type HoldingRule = Closer<"HoldingRule", { subject: Subject; counts?: Condition | null; limit: Limit }>;
export type HoldingRuleDocument = Omit<HoldingRule, "id" | "version" | "refs">;
export type HoldingRules = Closer<"HoldingRules", { items: HoldingRule[] }>;
/** A field of Employee that a limit may be read from. */
export type Variable = Closer<"HoldingVariable", { label: Label; kind: "number" | "calculated" | "statistical" }>;

/** Where a limit comes from: a plain number, or a field of Employee. */
export type LimitFrom = "number" | { field: string; label?: Label | null };
type Limited = { limit: number | null; limit_from: LimitFrom };
type SubjectObject = "employee" | "department" | "user_group";
/** Somebody whom a rule reaches: how many he may have, and has. */
export type Reached = Closer<"HoldingUser", Limited & { object: SubjectObject }>;
export type Usage = Closer<"HoldingUsage", { subjects: Reached[] }>;
export type DefinitionUsage = Closer<"HoldingDefinitionUsage", { rules: Closer<"HoldingRuleUsage", { subjects: Reached[] }>[] }>;

/** A rule as it stands for one person, or for the department or group that shares it. */
export type Holding = Closer<"Holding", Limited & { subject: Closer<"HoldingSubjectRef", { object: SubjectObject }>; mine: number | null; room: number | null; filter?: Condition | null }>;
export type Holdings = Closer<"Holdings", { items: Holding[] }>;
export type TeamPage = Closer<"TeamHoldings", { people: Closer<"MemberHoldings", { items: Holding[] }>[]; shared: Holding[] }>;
/** A member, a department or a group with every rule that reaches it. */
export type TeamLine = { subject: Holding["subject"]; rules: Holding[] };

export type Freeing = Server["FreesRoom"];
/** `rules` are all that count what is asked for: those without room, then the tightest. */
export type Checked = Closer<"HoldingCheck", { rules: Holding[] }>;
export type CheckAsked = Closer<"CheckHoldings", { fields?: Record<string, Value> }>;

/** A place in the line for room. */
export type Waiting = Server["HoldingWait"];
export type WaitingList = Server["HoldingWaits"];

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

/** Those whom one leads, or one of them alone. */
export function useTeamHoldings(asked: { person?: string } = {}) {
  return useInfiniteQuery({
    queryKey: [...holdingKeys.holdings, "team", asked],
    queryFn: ({ pageParam }) => get<TeamPage>(`/holdings/team${query({ ...asked, cursor: pageParam })}`),
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
  const join = useMutation({ mutationFn: (asked: { object: string; record?: string; rules?: string[] }) => post<Waiting>("/holdings/wait", asked), onSuccess: after });
  const leave = useMutation({ mutationFn: (id: string) => del(`/holdings/wait/${id}`), onSuccess: after });
  return { join, leave };
}
