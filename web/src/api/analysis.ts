import { keepPreviousData, useInfiniteQuery, useQuery, type InfiniteData } from "@tanstack/react-query";
import { get, query } from "./http";
import type { Condition, Label, Rec, Refs } from "./types";

/** Where the records behind a figure are: an address below the API's root for each figure of a row, by its name. */
export type Addresses = Record<string, string | null | undefined>;

/** The records behind a figure: as many as it counts, worth what it says. */
export type BehindPage = {
  object?: string;
  items: Rec[];
  count: number;
  /** What they come to, in the main currency; null where there is no such sum, or for those who may not know it. */
  amount?: string | null;
  main_currency: string;
  next?: string | null;
  refs: Refs;
};

export type ConversionStage = {
  stage: string;
  label?: Partial<Label> | null;
  colour?: string | null;
  /** No stage of the version in force any more. */
  former: boolean;
  total: number;
  amount?: string | null;
  average_seconds?: number | null;
  transitioned: number;
  retained: number;
  lost: number;
  /** Per cent, with two digits. */
  loss_rate?: string | null;
  conversion?: string | null;
  behind?: Addresses;
};

export type StageConversion = {
  process: { id: string; name: string };
  stages: ConversionStage[];
  deals: number;
  won: number;
  sales_cycle_seconds?: number | null;
  average_deal_size?: string | null;
  main_currency: string;
  at: string;
  behind?: Addresses;
};

/** Which deals an analysis is about. */
export type AnalysisParams = { process?: string; view?: string; filter?: Condition; q?: string };
/** `entered`: days between which a deal first came into the process, as `2026-01-01..2026-03-31`. */
export type ConversionParams = AnalysisParams & { entered?: string };

/** All that is asked of analyses is kept under the first of these, and read again when records change. */
export const analysisKeys = {
  all: ["analysis"] as const,
  of: (path: string) => ["analysis", path] as const,
  behind: (address: string) => ["analysis", "behind", address] as const,
};

/** The address of an analysis, below the API's root. */
export const conversionAddress = (params: ConversionParams) => `/analysis/stage-conversion${query(params)}`;

/** An analysis by its address; what was asked last stays in sight until the answer has come. */
export function useAnalysis<T>(address: string, enabled = true) {
  return useQuery({ queryKey: analysisKeys.of(address), queryFn: ({ signal }) => get<T>(address, { signal }), placeholderData: keepPreviousData, enabled });
}

export const useStageConversion = (params: ConversionParams) => useAnalysis<StageConversion>(conversionAddress(params));

const PAGE = 50;

/** The records behind a figure, page by page. */
export function useBehind(address: string) {
  const page = (cursor: string | null) => `${address}${address.includes("?") ? "&" : "?"}limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`;
  return useInfiniteQuery({
    queryKey: analysisKeys.behind(address),
    queryFn: ({ pageParam, signal }) => get<BehindPage>(page(pageParam), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

/** The records of all pages, each knowing the names it refers to. */
export const recordsBehind = (data: InfiniteData<BehindPage> | undefined): Rec[] => data?.pages.flatMap((page) => page.items.map((item) => ({ ...item, refs: { ...page.refs, ...item.refs } }))) ?? [];
