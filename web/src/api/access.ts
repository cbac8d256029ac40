// Who sees a record, what a person sees, and why.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { get, query } from "./http";
import { keys } from "./queries";
import type { Level, Receiver } from "./sharing";
import type { ObjectDef, Rec, Refs } from "./types";

export type Why = "owner" | "manager" | "head" | "assistant" | "team" | "share" | "task" | "assignee" | "stage_task" | "approval" | "ownerless" | "pool" | "role" | "public" | "parent";

/** One way in which somebody sees a record. */
export type Reason = {
  why: Why;
  level: Level;
  /** Managers from the owner's up to the person, or departments from the owner's up. */
  chain?: string[];
  department?: string;
  /** Of the team, or the role that sees all. */
  role?: string;
  /** The sharing rule. */
  rule?: string;
  name?: string;
  to?: Receiver;
  /** The record that it belongs to, and the field that says so. */
  object?: string;
  record?: string;
  field?: string;
  pool?: string;
  reasons?: Reason[];
};

export type PersonAccess = { person: string; level: Level; acts?: string[]; reasons: Reason[] };
export type RecordAccess = {
  base: ObjectDef["base"];
  /** What everybody may do who may read the object at all. */
  everybody: Level | null;
  people: PersonAccess[];
  refs: Refs;
  next_cursor?: string | null;
  count?: number | null;
};
export type Missing = { code: string; params?: Record<string, unknown> };
export type PersonAnswer = { person: string; sees: boolean; level: Level | "none"; reasons: Reason[]; missing: Missing[]; refs?: Refs };

const ofRecord = (object: string, id: string) => [...keys.record(object, id), "access"] as const;

/** Everybody who sees a record, page by page. */
export function useRecordAccess(object: string, id: string, q: string) {
  return useInfiniteQuery({
    queryKey: [...ofRecord(object, id), "people", q],
    queryFn: ({ pageParam, signal }) => get<RecordAccess>(`/records/${object}/${id}/access${query({ q: q || undefined, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** Whether one person sees a record: by what, or what stands against it. */
export function usePersonAnswer(object: string, id: string, person: string | null) {
  return useQuery({
    queryKey: [...ofRecord(object, id), person],
    queryFn: ({ signal }) => get<PersonAnswer>(`/records/${object}/${id}/access/${person}`, { signal }),
    enabled: person !== null,
  });
}

/** By what a person sees records of an object, and how many by each; one may be seen by several. */
export type SightWay = { why: "owner" | "below" | "team" | "share"; count: number };
export type SightObject = { object: string; base: ObjectDef["base"]; acts: string[]; visible: number; by: SightWay[]; hidden_fields: string[]; read_only_fields: string[] };
export type PersonSight = {
  person: string;
  active: boolean;
  roles: string[];
  sees_all: boolean;
  administrator: boolean;
  departments: string[];
  groups: string[];
  below: { count: number; people: string[] };
  objects: SightObject[];
  refs: Refs;
};
export type SightRecord = { object: string; id: string; fields: Rec["fields"]; level?: Level | null; reasons: Reason[] };
export type SightPage = { items: SightRecord[]; refs: Refs; next_cursor?: string | null };

export function usePersonSight(person: string) {
  return useQuery({ queryKey: ["access", "person", person], queryFn: ({ signal }) => get<PersonSight>(`/people/${person}/access`, { signal }) });
}

/** The records of an object that a person sees, each with why. */
export function useSeenRecords(person: string, object: string) {
  return useInfiniteQuery({
    queryKey: ["access", "person", person, object],
    queryFn: ({ pageParam, signal }) => get<SightPage>(`/people/${person}/access/${object}${query({ cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
