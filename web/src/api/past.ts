import { useAnalysis, type Addresses, type AnalysisParams } from "./analysis";
import { query } from "./http";
import type { Pipeline, PipelineBy, Standing } from "./pipeline";

/** The pipeline at the end of a day. */
export type AsOf = Omit<Pipeline, "won"> & {
  day: string;
  at: string;
  /** What a filter may ask of a past day. */
  known_fields: string[];
  /** The first day of which anything is known. */
  known_from?: string | null;
};
export type AsOfParams = AnalysisParams & { day: string; by: PipelineBy };

export const asOfAddress = (params: AsOfParams) => `/analysis/as-of${query(params)}`;
export const useAsOf = (params: AsOfParams) => useAnalysis<AsOf>(asOfAddress(params));

/** What can become of a pipeline between two days, in the order in which it is told. */
export const WATERFALL_PARTS = ["new", "reopened", "restored", "moved_in", "handed_in", "grown", "shrunk", "revalued", "moved_out", "handed_out", "won", "lost", "removed"] as const;
export type WaterfallPart = (typeof WATERFALL_PARTS)[number];
/** What takes away is negative; `deals` says how many deals stand behind. */
export type Change = { part: WaterfallPart; count: number; deals: number; amount?: string | null; weighted?: string | null; behind?: Addresses };
export type Waterfall = { from: string; to: string; period_from?: string | null; period_to?: string | null; opening: Standing; parts: Change[]; closing: Standing; main_currency: string };
export type WaterfallParams = AnalysisParams & { from: string; to: string; period_from?: string; period_to?: string };

export const waterfallAddress = (params: WaterfallParams) => `/analysis/waterfall${query(params)}`;
export const useWaterfall = (params: WaterfallParams, enabled = true) => useAnalysis<Waterfall>(waterfallAddress(params), enabled);
