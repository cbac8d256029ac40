// Companies that belong together.
import { get } from "~/api/http";
import { keys } from "~/api/queries";
import type { Server } from "~/api/server";

export type Hierarchy = Server["Hierarchy"];

/** Kept among the lists of accounts: whatever makes those stale makes it stale. What deals and orders come to changes beside them, so it is read each time one looks. */
export const hierarchyOf = (account: string, limit: number) => ({
  queryKey: [...keys.records("account"), "list", "hierarchy", account, limit] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => get<Hierarchy>(`/records/account/${account}/hierarchy?limit=${limit}`, { signal }),
  staleTime: 0,
});
