// Sharing rules: which records of an object are given to whom besides.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put, query } from "./http";
import type { Condition, Refs } from "./types";

export type Level = "read" | "read_write";
export type ReceiverKind = "person" | "department" | "group";
export type Receiver = { kind: ReceiverKind; id: string };

export type SharingRuleDocument = {
  object: string;
  name: string;
  active: boolean;
  condition: Condition | null;
  to: Receiver[];
  level: Level;
};
export type SharingRule = SharingRuleDocument & {
  id: string;
  version: number;
  /** The records are still being given or taken back. */
  settling: boolean;
  /** How many it gives now. */
  records: number | null;
};
export type SharingRules = { items: SharingRule[]; refs: Refs };

export const sharingKeys = { all: ["sharing-rules"] as const };

const SOON = 1_000;

/** All rules, or those of one object; read again every second while one is settling. */
export function useSharingRules(object?: string, enabled = true) {
  return useQuery({
    queryKey: [...sharingKeys.all, object ?? null],
    queryFn: ({ signal }) => get<SharingRules>(`/sharing-rules${query({ object })}`, { signal }),
    enabled,
    refetchInterval: ({ state }) => (state.data?.items.some((rule) => rule.settling) ? SOON : false),
  });
}

/** How many records a condition would give. */
export function useSharingPreview(object: string, condition: Condition | null, enabled: boolean) {
  return useQuery({
    queryKey: ["sharing-preview", object, condition],
    queryFn: ({ signal }) => post<{ records: number }>("/sharing-rules/preview", { object, condition }, { signal }),
    enabled,
    retry: false,
    placeholderData: keepPreviousData,
  });
}

export const documentOf = ({ object, name, active, condition, to, level }: SharingRuleDocument): SharingRuleDocument => ({ object, name, active, condition, to, level });

/** Others' lists change by the stream of events; one's own at once. */
function useAfterSharing(object: string) {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [["records", object], ["access"], ["board"]]) void client.invalidateQueries({ queryKey });
    return client.invalidateQueries({ queryKey: sharingKeys.all });
  };
}

export function useSaveSharingRule(object: string) {
  const after = useAfterSharing(object);
  return useMutation({
    mutationFn: ({ document, over }: { document: SharingRuleDocument; over?: Pick<SharingRule, "id" | "version"> }) =>
      over ? put<SharingRule>(`/sharing-rules/${over.id}`, document, { ifMatch: over.version }) : post<SharingRule>("/sharing-rules", document),
    onSuccess: after,
  });
}

export function useDeleteSharingRule(object: string) {
  const after = useAfterSharing(object);
  return useMutation({ mutationFn: (rule: SharingRule) => del(`/sharing-rules/${rule.id}`, { ifMatch: rule.version }), onSuccess: after });
}
