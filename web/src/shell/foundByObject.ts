import type { Found, FoundPage } from "~/api/search";

/** Records found, kind by kind in the order in which the best of each came, and whether its list has more. */
export function byObject(page: FoundPage | undefined): { object: string; hits: Found[]; more: boolean }[] {
  const groups = new Map<string, Found[]>();
  for (const hit of page?.items ?? []) groups.set(hit.object, [...(groups.get(hit.object) ?? []), hit]);
  return [...groups].map(([object, hits]) => ({ object, hits, more: page?.more?.includes(object) ?? false }));
}
