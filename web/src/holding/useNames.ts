import { useQuery } from "@tanstack/react-query";
import { useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { namesQuery } from "~/fields/names";

/** The names of records of one object, those that came along first. */
export function useNames(object: string, ids: string[], refs: Refs): (id: string) => string {
  const nameField = useObject(object)?.name_field ?? "name";
  const unnamed = ids.filter((id) => !refs[id]);
  const names = useQuery({ ...namesQuery(object, nameField, unnamed), enabled: unnamed.length > 0 });
  return (id) => refs[id]?.name ?? names.data?.[id] ?? "…";
}
