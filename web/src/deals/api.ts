// Who decides in a deal, who else is after it, and why it ended as it did.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { get, patch, post } from "~/api/http";
import { isConflict } from "~/api/problem";
import { fetchList, keys, useAfterWrite } from "~/api/queries";
import type { Server } from "~/api/server";
import type { ObjectDef, Rec, Saved, Value } from "~/api/types";
import { sameValue } from "~/fields/draft";
import type { Person } from "./map";

export type DecisionMap = Server["DecisionMap"];

export const ROLE = "contact_role";
export const RIVAL = "opportunity_competitor";
export const REVIEW = "win_loss_review";

/** Kept among the lists of roles: whatever makes those stale makes the map stale. */
const mapKey = (deal: string) => [...keys.records(ROLE), "list", "map", deal] as const;

export const mapOf = (deal: string) => ({
  queryKey: mapKey(deal),
  queryFn: ({ signal }: { signal: AbortSignal }) => get<DecisionMap>(`/records/opportunity/${deal}/decision-map`, { signal }),
});

export type RoleChange = { person: Person; field: "role" | "attitude" | "influence" | "reports_to"; value: string | null };

/** Changes one thing of a record. Somebody else's change of another thing is no hindrance: what was not touched by him is asked for once more. */
export async function changeOne(object: string, { id, version, before }: { id: string; version: number; before: Value }, field: string, value: Value): Promise<Saved> {
  const send = (ifMatch: number) => patch<Saved>(`/records/${object}/${id}`, { fields: { [field]: value } }, { ifMatch });
  try {
    return await send(version);
  } catch (error) {
    if (!isConflict(error) || !error.record || !sameValue(error.record.fields[field], before)) throw error;
    return send(error.record.version);
  }
}

/** Says something else of somebody in the map. It is drawn at once, and drawn back when it is refused. */
export function useRoleChange(deal: string) {
  const client = useQueryClient();
  const after = useAfterWrite();
  const draw = (id: string, change: (person: Person) => Person) =>
    client.setQueryData<DecisionMap>(mapKey(deal), (map) => map && { ...map, people: map.people.map((one) => (one.id === id ? change(one) : one)) });
  return useMutation({
    mutationFn: ({ person, field, value }: RoleChange) => changeOne(ROLE, { id: person.id, version: person.version, before: person[field] ?? null }, field, value),
    onMutate: async ({ person, field, value }) => {
      await client.cancelQueries({ queryKey: mapKey(deal) });
      draw(person.id, (one) => ({ ...one, [field]: value }));
    },
    onSuccess: ({ record }) => {
      draw(record.id, (one) => ({ ...one, version: record.version }));
      after(record);
    },
    onError: () => client.invalidateQueries({ queryKey: mapKey(deal) }),
  });
}

export const voidRecord = (object: string, { id, version }: { id: string; version: number }) => post<Saved>(`/records/${object}/${id}/void`, {}, { ifMatch: version });
export const restoreRecord = ({ object, id, version }: Rec) => post<Saved>(`/records/${object}/${id}/restore`, {}, { ifMatch: version });

/** Records of an object that belong to a deal, whole, with the names of those they mention. */
export const ofDeal = (object: ObjectDef | undefined, deal: string, sort: string) => ({
  queryKey: [...keys.records(object?.key ?? ""), "list", "of", deal] as const,
  enabled: Boolean(object),
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Rec[]> => {
    // Long texts come only when they are asked for.
    const page = await fetchList(object!.key, { filter: { field: "opportunity", op: "eq", value: deal }, fields: object!.fields.map((field) => field.key), sort, limit: 200 }, null, signal);
    return page.items.map((item) => ({ ...item, refs: { ...page.refs, ...item.refs } }));
  },
});
