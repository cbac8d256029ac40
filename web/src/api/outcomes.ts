import { useAnalysis, type Addresses, type AnalysisParams } from "./analysis";
import { query } from "./http";
import type { Label } from "./types";

type Name = Partial<Label> | string | null;
type Amount = string | null;

export const WIN_LOSS_BY = ["lost_reason", "competitor", "lead_source", "product", "owner", "owner_department", "opportunity_type"] as const;
export type WinLossBy = (typeof WIN_LOSS_BY)[number];
/** How many deals were won and lost, and what they were worth. */
export type Outcome = { won: number; lost: number; won_amount?: Amount; lost_amount?: Amount; /** Per cent. */ win_rate?: string | null; behind?: Addresses };
export type WinLoss = { by: WinLossBy; rows: (Outcome & { key: string | null; label?: Name; colour?: string | null; /** What is left behind the most. */ rest?: boolean | null })[]; total: Outcome; main_currency: string };
/** `closed`: days between which deals were closed, as `2026-01-01..2026-03-31`. */
export type WinLossParams = AnalysisParams & { by: WinLossBy; closed?: string };
export const winLossAddress = (params: WinLossParams) => `/analysis/win-loss${query(params)}`;
export const useWinLoss = (params: WinLossParams) => useAnalysis<WinLoss>(winLossAddress(params));

type Band = { key: string; count: number; amount?: Amount; behind?: Addresses };
type Aged = { count: number; amount?: Amount; overdue: number | null; overdue_amount?: Amount; bands: Band[]; behind?: Addresses };
/** Open deals by how long they have stood in their stage. */
export type Ageing = {
  bands: { key: string; from_days: number; to_days?: number | null }[];
  stages: (Aged & { key: string | null; label?: Name; colour?: string | null })[];
  total: Aged;
  main_currency: string;
};
export type AgeingParams = AnalysisParams;
export const ageingAddress = (params: AgeingParams) => `/analysis/ageing${query(params)}`;
export const useAgeing = (params: AgeingParams) => useAnalysis<Ageing>(ageingAddress(params));

export const LEADERBOARD_METRICS = ["won_amount", "won_count", "ordered_amount", "activities", "new_deals"] as const;
export type LeaderboardMetric = (typeof LEADERBOARD_METRICS)[number];
type Scored = { value?: string | number | null; records: number; behind?: Addresses };
export type Leaderboard = { metric: LeaderboardMetric; rows: (Scored & { key: string | null; label?: Name; rest?: boolean })[]; total: Scored; main_currency: string };
export type LeaderboardParams = AnalysisParams & { metric: LeaderboardMetric; period?: string };
export const leaderboardAddress = (params: LeaderboardParams) => `/analysis/leaderboard${query(params)}`;
export const useLeaderboard = (params: LeaderboardParams) => useAnalysis<Leaderboard>(leaderboardAddress(params));
