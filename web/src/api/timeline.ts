// What happened on a record, and what people say about it.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import type { Over } from "./duplicates";
import { del, get, patch, query } from "./http";
import type { Closer } from "./server";
import type { Slip } from "./slips";
import type { Rec, Refs, TeamMember, Value } from "./types";

export type RecordComment = {
  id: string;
  object: string;
  record: string;
  /** With mentions as `@[Name](employee:ID)`. */
  text: string;
  at: string;
  by?: string | null;
  /** The name of the access token by which it was written. */
  token?: string | null;
  edited_at?: string | null;
  version: number;
  can: { edit: boolean; delete: boolean };
  mentions: string[];
  /** Who was mentioned, but does not see the record and has not been told: said once, in answer to writing. */
  not_seeing: string[];
  refs?: Refs | null;
};

export type TimelineItem = {
  id: string;
  at: string;
  kind: string;
  by?: string | null;
  /** What it happened to: the record asked for, or a deal of the account. */
  object: string;
  record_id: string;
  /** The activity or the task. */
  record?: Rec | null;
  changes?: { field: string; old?: Value; new?: Value }[] | null;
  team?: { old: TeamMember[]; new: TeamMember[] } | null;
  comment?: RecordComment | null;
  /** The name of the access token by which it was done. */
  token?: string | null;
  via?: string | null;
  reason?: string | null;
  /** Of a deal that entered a stage. */
  move?: TimelineMove | null;
  slip?: Slip | null;
  stage_task?: TimelineStageTask | null;
  merge?: TimelineMerge | null;
  /** Of an act that went over holding limits, because whoever did it is exempt. */
  holding?: { owner?: string | null; rules: { id: string; name: string }[] } | null;
  /** Of an approval that was asked for or ended. */
  approval?: Closer<"TimelineApproval", object> | null;
  /** Over which records it was saved although it is like them. */
  alike?: Over[] | null;
};
export type TimelineMerge = { id: string; winner: string; losers: string[]; undone: boolean };
type NamedProcess = { id: string; name: string; version: number };
export type TimelineMove = {
  from?: string | null;
  to: string;
  how: string;
  skipped: string[];
  /** Codes of what stood against it and was passed by. */
  bypassed: string[];
  /** How long it had stood where it was. */
  seconds?: number | null;
  from_process?: NamedProcess | null;
  process?: NamedProcess | null;
};
export type TimelineStageTask = { id: string; name: string; stage: string; event: string; note?: string | null; assignee?: string | null };
export type TimelinePage = { items: TimelineItem[]; refs?: Refs; next_cursor?: string | null };

/** What a timeline can be narrowed to, and the kinds that are meant by it. */
const MEANT = {
  activity: ["activity"],
  task: ["task", "stage_task"],
  comment: ["comment"],
  stage: ["stage", "process"],
  slip: ["slip"],
  change: ["change", "created", "owner", "pool", "holding", "team", "converted", "merged", "alike", "voided", "restored", "locked", "unlocked", "quote"],
  file: ["file"],
} as const;
export type TimelineKind = keyof typeof MEANT;
export const TIMELINE_KINDS = Object.keys(MEANT) as TimelineKind[];

export type Mentionable = { id: string; name: string; kind: "employee" | "department" | "user_group"; sees: boolean };

export const timelineKeys = {
  all: ["timeline"] as const,
  of: (object: string, id: string) => ["timeline", object, id] as const,
};

const PAGE = 25;

/** `related`: of an account, what happened on its deals too. */
export function useTimeline(object: string, id: string, kinds: TimelineKind[], related: boolean) {
  const wanted = kinds.flatMap((kind) => MEANT[kind]).join(",");
  return useInfiniteQuery({
    queryKey: [...timelineKeys.of(object, id), wanted, related],
    queryFn: ({ pageParam, signal }) =>
      get<TimelinePage>(`/records/${object}/${id}/timeline${query({ kinds: wanted, related: related || undefined, limit: PAGE, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: (before, asked) => (asked?.queryKey[2] === id ? before : undefined),
  });
}

/** Items and names of all pages read so far. */
export function itemsOf(data: InfiniteData<TimelinePage> | undefined): { items: TimelineItem[]; refs: Refs } {
  return { items: data?.pages.flatMap((page) => page.items) ?? [], refs: Object.assign({}, ...(data?.pages.map((page) => page.refs) ?? [])) as Refs };
}

/** After something was written on a record: its timeline is read again, and what waits for one. */
export function useAfterHappening(object: string, id: string) {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [timelineKeys.of(object, id), ["records", object, "one", id], ["todo"]]) void client.invalidateQueries({ queryKey });
  };
}

const untoldKey = (comment: string) => ["untold", comment] as const;

/** Who was mentioned in a comment just written, and does not see the record: only the answer to writing says so. */
export function useUntold(comment: string): string[] {
  return useQuery<string[]>({ queryKey: untoldKey(comment), queryFn: () => [], enabled: false, gcTime: Infinity }).data ?? [];
}

/** Keeps what the answer to writing says. */
export function keepUntold(client: QueryClient, { id, not_seeing, refs, text }: RecordComment) {
  const named = (person: string) => refs?.[person]?.name ?? new RegExp(`@\\[([^\\]]+)\\]\\(\\w+:${person}\\)`).exec(text)?.[1] ?? person;
  client.setQueryData(untoldKey(id), not_seeing.map(named));
}

export function useEditComment(object: string, id: string) {
  const after = useAfterHappening(object, id);
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { comment: RecordComment; text: string }) => patch<RecordComment>(`/comments/${input.comment.id}`, { text: input.text }, { ifMatch: input.comment.version }),
    onSuccess: (saved) => {
      keepUntold(client, saved);
      after();
    },
  });
}

export const deleteComment = (id: string) => del(`/comments/${id}`);

/** Whom one may mention, those who see the record first. */
export function useMentionable(object: string, id: string, q: string | undefined) {
  return useQuery({
    queryKey: ["mentionable", object, id, q],
    queryFn: ({ signal }) => get<{ items: Mentionable[] }>(`/records/${object}/${id}/mentionable${query({ q })}`, { signal }),
    enabled: q !== undefined,
    staleTime: 30_000,
    placeholderData: (before) => before,
  });
}
