import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiProblem, get, patch } from "~/api/http";
import { messageOf } from "~/api/problem";
import type { Saved } from "~/api/types";
import type { Departments } from "./tree";

/** Read again with the lists of departments, and when people come and go. */
export const TREE = ["records", "department", "list", "tree"] as const;

export function useDepartments() {
  return useQuery({ queryKey: TREE, queryFn: ({ signal }) => get<Departments>("/departments", { signal }) });
}

/** What is moved to which department: a department below it, or a person into it. */
export type Moving = { object: "department" | "employee"; id: string; name: string; to: string | null };

/** Puts somebody or something into a department. */
export function useMoveInto() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ object, id, to }: Moving) => patch<Saved>(`/records/${object}/${id}`, { fields: { [object === "department" ? "parent" : "department"]: to } }),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ["records", "department"] }), client.invalidateQueries({ queryKey: ["records", "employee"] })]),
  });
}

/** All that a refusal says, in one text. */
export function reasonsOf(error: unknown): string {
  if (error instanceof ApiProblem && error.violations.length > 0) return error.violations.map((it) => it.message).join(" ");
  return messageOf(error);
}
