import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { fetchList, keys, recordQuery } from "~/api/queries";

/** One person or department to choose. */
export interface Candidate {
  value: string;
  label: string;
}

const SHOWN = 30;
const TYPING = 200;

/** Whom one may choose, narrowed by what has been typed; those already chosen are always among them, so that their names show. */
export function useCandidates(object: string, typed: string, chosen: string[]): Candidate[] {
  const [q] = useDebouncedValue(typed.trim(), TYPING);
  const params = { q: q || undefined, sort: "name", fields: ["name"], limit: SHOWN };
  const found = useQuery({
    queryKey: [...keys.list(object, params), "candidates"],
    queryFn: ({ signal }) => fetchList(object, params, null, signal),
    placeholderData: keepPreviousData,
  });
  const items = found.data?.items ?? [];
  const missing = chosen.filter((id) => !items.some((item) => item.id === id));
  const named = useQueries({ queries: missing.map((id) => recordQuery(object, id)) });
  const records = [...named.flatMap((it) => (it.data ? [it.data] : [])), ...items];
  const labels = new Map(records.map((record) => [record.id, String(record.fields["name"] ?? record.id)]));
  for (const id of chosen) if (!labels.has(id)) labels.set(id, "…");
  return [...labels].map(([value, label]) => ({ value, label }));
}
