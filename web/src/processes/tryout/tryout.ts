import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { API_ROOT, headersFor, post, problemOf } from "~/api/http";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type Report = Schemas["Tryout"];
export type Gate = Schemas["TriedGate"];
export type Moved = Schemas["HeldBackMove"];
export type Late = Schemas["BecomesOverdue"];
export type Halted = Schemas["BecomesStuck"];
export type ListName = "held_back" | "overdue" | "stuck";
export type Refs = Report["refs"];

export const MONTHS = [1, 3, 6, 12, 24];
const ROWS = 100;

/** The trial as a whole, with the first rows of each list. It is made anew whenever the screen is opened: the draft may be another by then. */
export function useTryout(id: string, months: number) {
  return useQuery({
    queryKey: ["tryout", id, months],
    queryFn: ({ signal }) => post<Report>(`/processes/${id}/try`, { months, limit: ROWS }, { signal }),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

/** The rows of one list, page by page, those that a gate stands against where one is chosen; the report has the first page of all. */
export function useRows<T>(report: Report, months: number, list: ListName, gate: string | null) {
  const first = gate ? undefined : { pages: [report], pageParams: [null as string | null] };
  const rows = useInfiniteQuery({
    queryKey: ["tryout", report.process.id, months, report.at, list, gate],
    queryFn: ({ pageParam, signal }) => post<Report>(`/processes/${report.process.id}/try`, { months, limit: ROWS, list, gate: gate ?? undefined, cursor: pageParam ?? undefined }, { signal }),
    initialPageParam: null as string | null,
    initialData: first,
    getNextPageParam: (last) => last[list].next_cursor ?? undefined,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const pages = rows.data?.pages ?? [];
  const refs: Refs = Object.assign({}, ...pages.map((page) => page.refs));
  return { ...rows, items: pages.flatMap((page) => page[list].items as T[]), refs };
}

/** Takes a list away as a file. */
export async function download(id: string, months: number, list: ListName, gate: string | null) {
  const headers = { ...headersFor("POST"), Accept: "text/csv", "Content-Type": "application/json" };
  const body = JSON.stringify({ months, list, gate: gate ?? undefined });
  const response = await fetch(`${API_ROOT}/processes/${id}/try/export`, { method: "POST", headers, body, credentials: "same-origin" });
  if (!response.ok) throw await problemOf(response);
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? `${list}.csv`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A share as a whole percentage; what is not nothing is at least one, what is not all at most 99. */
export function percent(part: number, whole: number): number {
  if (whole === 0 || part === 0) return 0;
  if (part === whole) return 100;
  return Math.min(99, Math.max(1, Math.round((part / whole) * 100)));
}

/** What is left out, as (word, number), without what did not occur. */
export function leftOut(report: Report): { key: "bypassed" | "imported" | "mapped"; count: number }[] {
  const all = report.moves.left_out;
  return (["bypassed", "imported", "mapped"] as const).map((key) => ({ key, count: all[key] })).filter(({ count }) => count > 0);
}
