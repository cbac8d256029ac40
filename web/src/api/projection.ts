import { useInfiniteQuery } from "@tanstack/react-query";
import { analysisKeys, useAnalysis, type AnalysisParams, type BehindPage } from "./analysis";
import type { Standing } from "./pipeline";
import { get, query } from "./http";
import type { Label, Rec } from "./types";

/** Why a projection is not to be relied upon. */
export type Unreliable = "too_few_closed" | "too_few_quarters" | "coverage_low" | "coverage_high";

export type StageChance = { /** The name of the sales process. */ process?: string | null; stage: string; label?: Partial<Label> | string | null; /** Per cent. */ chance?: string | null; median_days?: number | null; deals: number };

/** What a period will come to: what is closed so far and what the open deals are likely to bring. Amounts in the main currency. */
export type Projection = {
  period: string;
  from: string;
  to: string;
  at: string;
  closed: Standing;
  open: Standing;
  expected?: string | null;
  p10?: string | null;
  p50?: string | null;
  p90?: string | null;
  /** Part of what is expected: from deals that are not there yet. */
  coming?: string | null;
  reliable: boolean;
  why?: Unreliable | null;
  trained: { won: number; lost: number; since?: string | null };
  coverage: { quarters: number; within: number; percent?: string | null };
  factors: { stages: StageChance[] };
  main_currency: string;
};

/** An open deal with how likely it is won, and when. */
export type Projected = Rec & { chance?: string | null; in_period?: string | null; expected_close?: string | null; expected_amount?: string | null };

type Naive = { expected?: string | null; error?: string | null };
/** A past period as it would have been projected, beside what it came to. Errors are per cent of that. */
export type BackTestRow = {
  period: string;
  from: string;
  to: string;
  /** The day whose knowledge the projection had. */
  cut: string;
  actual?: string | null;
  expected?: string | null;
  p10?: string | null;
  p50?: string | null;
  p90?: string | null;
  within: boolean;
  error?: string | null;
  naive: { stage_rates: Naive; last_year: Naive; period_before?: Naive };
};
export type BackTest = {
  rows: BackTestRow[];
  summary: { periods: number; coverage?: string | null; mean_absolute_error: { projection?: string | null; stage_rates?: string | null; last_year?: string | null; period_before?: string | null }; reliable: boolean; why?: Unreliable | null };
  main_currency: string;
};

export type ProjectionParams = AnalysisParams & { period: string };
export const projectionAddress = (params: ProjectionParams) => `/analysis/projection${query(params)}`;
export const useProjection = (params: ProjectionParams) => useAnalysis<Projection>(projectionAddress(params));

export type BackTestParams = { length: "quarter" | "month"; periods: number; process?: string };
export const backTestAddress = (params: BackTestParams) => `/analysis/projection/back-test${query(params)}`;
export const useBackTest = (params: BackTestParams) => useAnalysis<BackTest>(backTestAddress(params));

type ProjectedPage = Omit<BehindPage, "items"> & { items: Projected[] };
export const projectedAddress = (params: ProjectionParams) => `/analysis/projection/deals${query(params)}`;

/** The open deals of a projection, page by page. */
export function useProjected(params: ProjectionParams) {
  const address = projectedAddress(params);
  return useInfiniteQuery({
    queryKey: analysisKeys.behind(address),
    queryFn: ({ pageParam, signal }) => get<ProjectedPage>(`${address}&limit=25${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}
