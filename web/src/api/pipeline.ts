import { query } from "./http";
import { useAnalysis, type Addresses, type AnalysisParams } from "./analysis";
import type { Label } from "./types";

/** By what a pipeline is divided. */
export const PIPELINE_BY = ["stage", "owner", "owner_department", "product", "lead_source", "forecast_category"] as const;
export type PipelineBy = (typeof PIPELINE_BY)[number];

/** What some deals come to; amounts in the main currency, null for those who may not know them. */
export type Standing = { count: number; amount?: string | null; weighted?: string | null; average_age_seconds?: number | null; behind?: Addresses };
export type StandingRow = Standing & { /** Null for those without a value. */ key: string | null; label?: Partial<Label> | string | null; colour?: string | null };
export type Pipeline = { by: PipelineBy; rows: StandingRow[]; total: Standing; won?: Standing | null; main_currency: string };

export type PipelineParams = AnalysisParams & { by: PipelineBy };

export const pipelineAddress = (params: PipelineParams) => `/analysis/pipeline${query(params)}`;
export const usePipeline = (params: PipelineParams, enabled = true) => useAnalysis<Pipeline>(pipelineAddress(params), enabled);
