// Leads: how they are converted.
import type { HitRule, Reason, Verdict } from "./duplicates";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put } from "./http";
import { keys, useAfterWrite } from "./queries";
import type { Rec, Refs, Value } from "./types";

/** The objects that a lead becomes, in the order in which they are made. */
export const PARTS = ["account", "contact", "opportunity"] as const;
export type Part = (typeof PARTS)[number];

/** Why a record may be meant. */
export type AlikeBy = "domain" | "contact";
export type Candidate = {
  object: string;
  id: string;
  fields: Record<string, Value>;
  why: AlikeBy[];
  /** What a duplicate rule says of it. */
  alike?: { rule: HitRule; verdict: Verdict; score: number | null; reasons: Reason[] } | null;
};
export type Offered = { may_create: boolean; fields: Record<string, Value>; required: string[]; candidates: Candidate[] };
export type ConversionOffer = {
  lead: { id: string; version: number; name: string };
  can: boolean;
  code: string | null;
  became: Record<Part, string | null> | null;
  parts: Partial<Record<Part, Offered>>;
  refs: Refs;
};

export type PartWanted = { id: string } | { fields: Record<string, Value> } | null;
export type Converted = { lead: Rec | null } & Record<Part, Rec | null>;

/** What the dialog begins with; asked anew every time it is opened. */
export function useConversionOffer(lead: string) {
  return useQuery({ queryKey: [...keys.record("lead", lead), "conversion"], queryFn: () => get<ConversionOffer>(`/records/lead/${lead}/conversion`), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
}

export function useConvert(lead: string) {
  const after = useAfterWrite();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { version: number; wanted: Record<Part, PartWanted>; key: string }) =>
      post<Converted>(`/records/lead/${lead}/convert`, input.wanted, { ifMatch: input.version, idempotencyKey: input.key }),
    onSuccess: (done) => [done.lead, ...PARTS.map((part) => done[part])].forEach((record) => record && after(record)),
    // Somebody may have been faster.
    onError: () => client.invalidateQueries({ queryKey: keys.records("lead") }),
  });
}

export type Pair = { from: string; to: string };
export type Mapping = Record<Part, Pair[]> & { version: number; shipped: boolean; choices: ({ from: string } & Record<Part, string[]>)[] };
export const MAPPING_KEY = ["lead-conversion"] as const;

export function useMapping() {
  return useQuery({ queryKey: MAPPING_KEY, queryFn: () => get<Mapping>("/lead-conversion") });
}

export function useSaveMapping() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { version: number; mapping: Record<Part, Pair[]> }) => put<Mapping>("/lead-conversion", input.mapping, { ifMatch: input.version }),
    onSuccess: (saved) => client.setQueryData(MAPPING_KEY, saved),
  });
}
