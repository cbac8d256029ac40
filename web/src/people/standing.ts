import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "~/api/http";
import type { Refs, Violation } from "~/api/types";

/** Some of an object's records: opportunities that are open or closed, all of other objects. */
export type Part = { object: string; part: "open" | "closed" | "all" };

/** Where a person stands, as `GET /people/{id}` tells it. */
export type Standing = {
  person: string;
  owns: (Part & { count: number })[];
  reports: string[];
  groups: string[];
  heads: string[];
  assists: string[];
  refs: Refs;
};

export function useStanding(id: string) {
  return useQuery({ queryKey: ["records", "employee", "one", id, "standing"], queryFn: ({ signal }) => get<Standing>(`/people/${id}`, { signal }) });
}

export type Spread = Part & { receivers?: string[]; stay?: boolean };
export type Heir = { to: string | null };

/** What is asked for when somebody leaves. */
export type Disable = { spread: Spread[]; reports?: Heir; heads?: Heir; teams?: Heir; reason?: string; dry_run?: boolean };

export type HandedOver = Part & {
  count: number;
  may_stay: boolean;
  stays: boolean;
  nobodys: number;
  receivers: { person: string; gets: number; holds: number; room: number | null }[];
};

/** What would become of it. */
export type Disabled = {
  objects: HandedOver[];
  reports: { people: string[]; to: string | null };
  heads: { departments: string[]; to: string | null };
  assists: { departments: string[] };
  groups: { groups: string[] };
  sharing_rules: { id: string; name: string; object: string; put_aside: boolean }[];
  teams: { records: number; leaves: boolean; to: string | null };
  sessions: number;
  tokens: number;
  violations: Violation[];
  refs: Refs;
};

export const previewOf = (id: string, wanted: Disable) => post<Disabled>(`/people/${id}/disable`, { ...wanted, dry_run: true });

/** What was tried before it was done; tried again, it would be refused. */
export const previewKey = (id: string, wanted: Disable) => ["people", id, "disable", wanted] as const;

/** Everything that shows people, what they own or what one may do is read again. */
export function useDisable(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Disable) => post<Disabled>(`/people/${id}/disable`, wanted),
    onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "people" || queryKey[2] !== "disable" }),
  });
}

export function useEnable(id: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => post(`/people/${id}/enable`, {}), onSuccess: () => client.invalidateQueries({ queryKey: ["records"] }) });
}
