import { fetchList, keys } from "~/api/queries";

/** Most records named in one question. */
const MOST = 100;

/** The names of records of which only the ids are known. What one may not see has none. */
export function namesQuery(object: string, nameField: string, ids: string[]) {
  const wanted = [...ids].sort().slice(0, MOST);
  const params = { filter: { field: "id", op: "in" as const, value: wanted }, fields: [nameField], limit: MOST };
  return {
    queryKey: [...keys.list(object, params), "names"],
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Record<string, string>> => {
      const page = await fetchList(object, { ...params, count: "none" }, null, signal);
      return Object.fromEntries(page.items.map((item) => [item.id, String(item.fields[nameField] ?? item.id)]));
    },
    enabled: wanted.length > 0,
    staleTime: 60_000,
  };
}
