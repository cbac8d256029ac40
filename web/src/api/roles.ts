// Roles: what people may do with each kind of record and know of its fields.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, post, put } from "./http";
import { keys } from "./queries";
import type { Label } from "./types";

export type FieldAccess = "hidden" | "read" | "write";
/** Fields that are not named are written by those who may edit. */
export type ObjectRights = { acts: string[]; fields: Record<string, FieldAccess> };

export type RoleDocument = {
  name: Label;
  description: Label | null;
  /** Sees every record of every object. */
  see_all: boolean;
  administrator: boolean;
  reads_audit: boolean;
  /** By object; `*` stands for every object that is not named. */
  objects: Record<string, ObjectRights>;
};
export type Role = RoleDocument & {
  key: string;
  /** Shipped with the product. */
  preset: boolean;
  /** How many active people hold it. */
  people: number;
  version: number;
};

/** The role that somebody always has: its rights stay. */
export const isEssential = (role: Pick<Role, "key">) => role.key === "administrator";

/** The acts that make sense for an object, in the order to show. */
export type ObjectActs = { key: string; acts: string[] };

const MINUTE = 60_000;

export function useRoles(enabled = true) {
  return useQuery({ queryKey: keys.roles, queryFn: ({ signal }) => get<{ items: Role[] }>("/roles", { signal }), staleTime: MINUTE, enabled });
}

export function useRoleActs(enabled = true) {
  return useQuery({ queryKey: [...keys.roles, "acts"], queryFn: ({ signal }) => get<{ objects: ObjectActs[] }>("/roles/acts", { signal }), staleTime: MINUTE, enabled });
}

/** After a role has changed, everything that somebody may see or do may have: also one's own. */
export function useAfterRoles() {
  const client = useQueryClient();
  return async () => {
    for (const queryKey of [keys.me, keys.objects, ["records"], ["board"], ["views"], ["access"]]) void client.invalidateQueries({ queryKey });
    await client.invalidateQueries({ queryKey: keys.roles });
  };
}

/** Without a version it is a new role. */
export const sendRole = (role: RoleDocument, stored?: { key: string; version: number }) =>
  stored ? put<Role>(`/roles/${stored.key}`, { key: stored.key, ...role }, { ifMatch: stored.version }) : post<Role>("/roles", role);

/** Whoever shows the role leaves first, and calls `useAfterRoles` then. */
export function useDeleteRole() {
  return useMutation({ mutationFn: (role: Role) => del(`/roles/${role.key}`, { ifMatch: role.version }) });
}
