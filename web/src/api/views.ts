import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put, query } from "./http";
import { keys } from "./queries";
import type { Condition, Refs, Value } from "./types";

export type Sharing = { scope: "private" | "everybody" | "roles"; roles: string[] };

/** A kept way of looking at an object's records. */
export type View = {
  id: string;
  object: string;
  name: string;
  kind: "table";
  filter?: Condition | null;
  /** Columns beside the name; none means those of the object. */
  columns: string[];
  sort?: string | null;
  group?: string | null;
  sharing: Sharing;
  /** Roles whose people begin with this view. */
  default_for: string[];
  owner?: { id: string; name: string } | null;
  mine: boolean;
  can: string[];
  version: number;
};

export type ViewDraft = Pick<View, "object" | "name" | "kind" | "filter" | "columns" | "sort" | "group" | "sharing" | "default_for">;
export type Views = { items: View[]; default: string | null };

export const viewKeys = { all: ["views"] as const, of: (object: string) => ["views", object] as const };

const NONE: Views = { items: [], default: null };

/** The views one may use on an object; `undefined` while they load. A list that cannot be had leaves the plain table. */
export function useViews(object: string): Views | undefined {
  const views = useQuery({ queryKey: viewKeys.of(object), queryFn: () => get<Views>(`/views${query({ object })}`), staleTime: 60_000, retry: 1 });
  return views.data ?? (views.isError ? NONE : undefined);
}

export function useSaveView(object: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, draft }: { id?: string; version?: number; draft: ViewDraft }) =>
      id === undefined ? post<View>("/views", draft) : put<View>(`/views/${id}`, draft, { ifMatch: version }),
    onSuccess: (saved) => {
      client.setQueryData<Views>(viewKeys.of(object), (views = NONE) => ({
        ...views,
        items: views.items.some((view) => view.id === saved.id) ? views.items.map((view) => (view.id === saved.id ? saved : view)) : [...views.items, saved],
      }));
      return client.invalidateQueries({ queryKey: viewKeys.of(object) });
    },
  });
}

export function useDeleteView(object: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (view: View) => del(`/views/${view.id}`, { ifMatch: view.version }),
    onSuccess: () => client.invalidateQueries({ queryKey: viewKeys.of(object) }),
  });
}

/** What a group comes to in one of the columns; amounts are in the main currency. */
export type GroupTotal = { field: string; main_amount?: string | null; sum?: string | null };
/** `not_counted`: those that are in no sum, since their creation is not approved. */
export type ListGroup = { value: Value; count: number; not_counted: number; totals?: GroupTotal[] };
export type Groups = { items: ListGroup[]; refs: Refs; more: boolean };
export type GroupParams = { group: string; view?: string; filter?: Condition; q?: string; sums?: string[] };

/** Counts and sums by the values of a field, over all that match. */
export function useGroups(object: string, params: GroupParams | undefined) {
  return useQuery({
    queryKey: [...keys.records(object), "list", "groups", params],
    queryFn: ({ signal }) => get<Groups>(`/records/${object}/groups${query({ ...params, sums: params?.sums?.join(",") })}`, { signal }),
    enabled: params !== undefined,
    placeholderData: keepPreviousData,
  });
}
