// Duplicates: the rules, what is alike, asking to join, and who went on over what.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, del, get, post, put, query } from "./http";
import { keys } from "./queries";
import type { Closer, Server } from "./server";
import type { Condition, Rec, Refs, Value, Violation } from "./types";

export type RuleKind = "new" | "import" | "tool";
export const RULE_KINDS: RuleKind[] = ["new", "import", "tool"];
export type Strict = "by_method" | "warn" | "block";
export type Verdict = "warn" | "block";
export type Blank = "never" | "equal";
export type MethodKey = "exact" | "fuzzy" | "contains" | "same_digits" | "same_domain" | "within_days" | "within_percent";

/** A field of the record against a field of the other. */
export type Row = Closer<"DuplicateRow", { other: string; method: MethodKey; threshold?: number; days?: number; percent?: number; blank: Blank }>;
/** Rows that must all hold. */
export type MatchGroup = Closer<"DuplicateGroup", { object: string; rows: Row[] }>;
export type Shown = Server["DuplicateShown"];
export type Scope = Closer<"DuplicateScope", { condition?: Condition | null; voided: boolean; unseen: boolean }>;

export type DuplicateRuleDocument = Closer<
  "SaveDuplicateRule",
  {
    active: boolean;
    kinds: Record<RuleKind, boolean>;
    when?: Condition | null;
    scope: Scope;
    groups: MatchGroup[];
    strictness: { new: Strict; import: Strict };
    exempt_roles: string[];
    shows: Shown[];
    most: number;
  }
>;
export type DuplicateRule = DuplicateRuleDocument & Pick<Server["DuplicateRule"], "id" | "version">;
export type DuplicateRules = Closer<"DuplicateRules", { items: DuplicateRule[] }>;

/** Why two records are alike: a field with how alike it is, in percent. */
export type Reason = Server["DuplicateReason"];
export type MatchAct = "open" | "claim" | "join" | "restore";
/** A record that is alike; of one that may not be seen, only what the rule shows. Its verdict is its own: another of the same rule may block. */
export type Match = Closer<"DuplicateMatch", { verdict: Verdict; fields: Record<string, Value>; can: MatchAct[] }>;
/** `object` is the rule's own. */
export type HitRule = Server["DuplicateRuleNamed"];
export type RuleHit = Closer<"DuplicateHit", { verdict: Verdict; matches: Match[] }>;
export type Found = Closer<"DuplicatesFound", { items: RuleHit[]; verdict: "none" | Verdict }>;

export type JoinLevel = "read" | "read_write";
export type JoinRequest = Closer<"JoinRequest", { level: JoinLevel; state: "open" | "accepted" | "declined" | "withdrawn" | "expired" }>;
export type JoinRequests = Closer<"JoinRequests", { items: JoinRequest[] }>;

/** A match over which a record was saved. */
export type Over = Server["DuplicateOver"];
/** A time that somebody went on over a match. */
export type Override = Server["DuplicateOverride"];
export type RecordDuplicates = Closer<"DuplicatesOfRecord", { alike: RuleHit[] }>;

/** A pair of records that a rule would find. */
export type Example = Server["DuplicateExample"];
export type RulePreview = Closer<"DuplicatePreview", { refs: Refs }>;

export const duplicateKeys = { rules: ["duplicate-rules"] as const, joins: ["join-requests"] as const };

export function useDuplicateRules(enabled = true) {
  return useQuery({ queryKey: duplicateKeys.rules, queryFn: ({ signal }) => get<DuplicateRules>("/duplicate-rules", { signal }), enabled });
}

export const documentOf = ({ object, name, active, kinds, when, scope, groups, strictness, exempt_roles, shows, most }: DuplicateRuleDocument): DuplicateRuleDocument => ({
  object, name, active, kinds, when: when ?? null, scope: { ...scope, condition: scope.condition ?? null }, groups, strictness, exempt_roles, shows, most,
});

export function useSaveDuplicateRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ document, over }: { document: DuplicateRuleDocument; over?: Pick<DuplicateRule, "id" | "version"> }) =>
      over ? put<DuplicateRule>(`/duplicate-rules/${over.id}`, document, { ifMatch: over.version }) : post<DuplicateRule>("/duplicate-rules", document),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["duplicates"] });
      return client.invalidateQueries({ queryKey: duplicateKeys.rules });
    },
  });
}

export function useDeleteDuplicateRule() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (rule: DuplicateRule) => del(`/duplicate-rules/${rule.id}`, { ifMatch: rule.version }), onSuccess: () => client.invalidateQueries({ queryKey: duplicateKeys.rules }) });
}

/** What a rule would find among the records that there are; nothing is kept. */
export const previewRule = (rule: DuplicateRuleDocument) => post<RulePreview>("/duplicate-rules/preview", rule);

/** What is alike to a record that is being written. */
export function useDuplicateCheck(object: string, fields: Record<string, Value>, id: string | undefined, enabled: boolean) {
  return useQuery({
    queryKey: ["duplicates", "check", object, id ?? null, fields],
    queryFn: ({ signal }) => post<Found>("/duplicates/check", { object, fields, id }, { signal }),
    enabled,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 5_000,
  });
}

export type Sought = { object?: string; text: string };
export const searchDuplicates = (sought: Sought) => post<Found>("/duplicates/search", sought);

export function useJoinRequests(box: "mine" | "asked", enabled = true) {
  return useInfiniteQuery({
    queryKey: [...duplicateKeys.joins, box],
    queryFn: ({ pageParam, signal }) => get<JoinRequests>(`/join-requests${query({ box, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled,
  });
}

export function useAskToJoin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: { token: string; reason?: string }) => post<JoinRequest>("/duplicates/join", asked),
    onSuccess: () => client.invalidateQueries({ queryKey: duplicateKeys.joins }),
  });
}

export type JoinAnswer = { act: "accept"; level: JoinLevel; answer?: string } | { act: "decline"; answer?: string } | { act: "withdraw" };
export function useAnswerJoin(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ act, ...body }: JoinAnswer) => post<JoinRequest>(`/join-requests/${id}/${act}`, body),
    onSettled: () => {
      for (const queryKey of [duplicateKeys.joins, ["todo"], ["notifications"], ["access"]]) void client.invalidateQueries({ queryKey });
    },
  });
}

export function useRecordDuplicates(object: string, id: string) {
  return useQuery({ queryKey: [...keys.record(object, id), "duplicates"], queryFn: ({ signal }) => get<RecordDuplicates>(`/records/${object}/${id}/duplicates`, { signal }), retry: false });
}

/** Takes a record out of the pool that it lies in. */
export const claimRecord = (object: string, id: string) => post<{ record: Rec }>(`/records/${object}/${id}/claim`, {});
export const restoreRecord = (object: string, id: string) => post<{ record: Rec }>(`/records/${object}/${id}/restore`, {});

const FOUND = "duplicate.found";

/** Says only that something is alike: whoever saves may go on. */
export const onlyWarns = ({ code, params }: Violation): boolean => code === FOUND && params?.["verdict"] === "warn";

/** Leave to go on over all that a refusal warned of; nothing where something else stood against it. */
export function leaveOf(error: unknown): string[] | undefined {
  if (!(error instanceof ApiProblem) || error.code !== "record.duplicate_warning") return undefined;
  return hitsOf(error.violations).hits.flatMap((hit) => hit.matches.map((match) => match.token));
}

/** What a refused save met, as its violations tell it. */
export function hitsOf(violations: Violation[]): { hits: RuleHit[]; refs: Refs } {
  const told = violations.filter((it) => it.code === FOUND && it.params).map((it) => it.params as unknown as RuleHit & { refs?: Refs });
  return { hits: told.filter((it) => Array.isArray(it.matches)), refs: Object.assign({}, ...told.map((it) => it.refs ?? {})) as Refs };
}
