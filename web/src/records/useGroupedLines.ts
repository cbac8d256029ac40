import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchList, keys, type ListParams } from "~/api/queries";
import type { Field, ObjectDef, Rec } from "~/api/types";
import { useGroups, type ListGroup } from "~/api/views";
import { groupedLines, keyOfGroup, type Loaded } from "./lines";
import { both, conditionOfGroup, summable } from "./listView";

const PAGE = 50;
/** Sums that the server makes at once. */
const SUMS = 10;
/** So many groups at most are unfolded at once; each of them is a question to the server. */
const UNFOLDED_AT_ONCE = 20;

type Pages = { rows: Rec[]; more: boolean };

/** The groups of a list and the rows of those unfolded, which are read when they are asked for. */
export function useGroupedLines(object: ObjectDef, field: Field | undefined, params: ListParams, columns: Field[]) {
  const client = useQueryClient();
  // How many pages of each unfolded group, by field: going back to a grouping finds it as it was left.
  const [unfolded, setUnfolded] = useState<Record<string, Record<string, number>>>({});
  const open = useMemo(() => (field && unfolded[field.key]) || {}, [field, unfolded]);
  const groups = useGroups(object.key, field && { group: field.key, view: params.view, filter: params.filter, q: params.q, sums: summable(columns).slice(0, SUMS) });
  const items = useMemo(() => groups.data?.items ?? [], [groups.data]);
  const shown = useMemo(() => items.filter((group) => open[keyOfGroup(group)]), [items, open]);

  const answers = useQueries({
    queries: shown.map((group) => {
      const pages = open[keyOfGroup(group)] ?? 1;
      const asked: ListParams = { ...params, filter: field && both(params.filter, conditionOfGroup(field, group.value)), limit: PAGE, count: "none" };
      const key = (count: number) => [...keys.list(object.key, asked), "pages", count];
      return {
        queryKey: key(pages),
        queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Pages> => {
          const rows: Rec[] = [];
          let cursor: string | null = null;
          for (let page = 0; page < pages && (page === 0 || cursor); page++) {
            const answer = await fetchList(object.key, asked, cursor, signal);
            rows.push(...answer.items.map((item) => ({ ...item, refs: { ...answer.refs, ...item.refs } })));
            cursor = answer.next_cursor ?? null;
          }
          return { rows, more: Boolean(cursor) };
        },
        // While a further page comes, those before it stay.
        placeholderData: () => (pages > 1 ? client.getQueryData<Pages>(key(pages - 1)) : undefined),
      };
    }),
  });
  // Only the answers count; their wrappers are new at every draw.
  const stamp = answers.map((answer) => `${answer.dataUpdatedAt} ${answer.status} ${answer.isPlaceholderData}`).join();
  const lines = useMemo(() => {
    const loaded: Record<string, Loaded> = {};
    shown.forEach((group, index) => {
      const answer = answers[index];
      const state = answer?.isPlaceholderData || answer?.isPending ? "loading" : answer?.isError ? "failed" : "ready";
      loaded[keyOfGroup(group)] = { rows: answer?.data?.rows ?? [], more: answer?.data?.more ?? false, state };
    });
    return groupedLines(items, loaded);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [items, shown, stamp]);

  const set = (change: (now: Record<string, number>) => Record<string, number>) => field && setUnfolded((now) => ({ ...now, [field.key]: change(now[field.key] ?? {}) }));
  return {
    groups,
    lines,
    count: groups.data && !groups.data.more ? items.reduce((sum, group) => sum + group.count, 0) : undefined,
    toggle: (group: ListGroup) =>
      set((now) => {
        const { [keyOfGroup(group)]: pages, ...rest } = now;
        return pages ? rest : { ...now, [keyOfGroup(group)]: 1 };
      }),
    more: (key: string) => set((now) => ({ ...now, [key]: (now[key] ?? 1) + 1 })),
    allOpen: items.length > 0 && shown.length >= Math.min(items.length, UNFOLDED_AT_ONCE),
    toggleAll: () => set(() => (shown.length >= Math.min(items.length, UNFOLDED_AT_ONCE) ? {} : Object.fromEntries(items.slice(0, UNFOLDED_AT_ONCE).map((group) => [keyOfGroup(group), 1])))),
  };
}
