import { useMutation, useQueryClient } from "@tanstack/react-query";
import { analysisKeys, useAnalysis, type Addresses, type AnalysisParams } from "./analysis";
import { post, query } from "./http";
import type { Refs } from "./types";

/** What is expected of a deal, in the order in which it is shown. */
export const CATEGORIES = ["closed", "commit", "best_case", "pipeline"] as const;
export type Category = (typeof CATEGORIES)[number];
export const METRICS = ["won_amount", "ordered_amount", "won_count"] as const;
/** In what a target is measured. */
export type Metric = (typeof METRICS)[number];
type Amount = string | null | undefined;

export type CategoryFigures = { count: number; amount?: Amount; weighted?: Amount; behind?: Addresses };

/** What somebody with his line, or a department, comes to in a period. Amounts in the main currency, null for those who may not know them. */
export type ForecastCell = Record<Category | "omitted" | "open", CategoryFigures> & {
  period: string;
  /** With what is closed: if the commit comes, if the best case comes too. */
  outlook: { commit?: Amount; best_case?: Amount; weighted?: Amount };
  submitted: { commit?: Amount; best_case?: Amount; people: number; of: number };
  /** What holds after those above have adjusted what was submitted. */
  adjusted: { commit?: Amount; best_case?: Amount; is_adjusted: boolean };
  target?: Amount | number;
  /** Of a department: the sum of its people's targets, and how much its own is more. */
  people_target?: Amount | number;
  difference?: Amount | number;
  actual?: Amount | number;
  /** Per cent of the target. */
  attainment?: Amount;
  gap?: Amount | number;
  behind?: Addresses;
};

export type ForecastRow = {
  kind: "own" | "person" | "department" | "elsewhere" | "nobody" | "total";
  id?: string | null;
  name?: string | null;
  active?: boolean;
  /** There are others below, who can be opened. */
  has_line: boolean;
  people?: number;
  can: { submit: boolean; adjust: boolean };
  cells: ForecastCell[];
};

export type ForecastOf = { kind: "person" | "department" | "organisation"; id?: string | null; name?: string | null };
export type Forecast = {
  of: ForecastOf;
  up?: ForecastOf | null;
  metric: Metric;
  periods: { period: string; from: string; to: string; /** Nothing is submitted or adjusted any more. */ over: boolean }[];
  rows: ForecastRow[];
  total: ForecastRow;
  main_currency: string;
  at: string;
  can: { submit: boolean; targets: boolean };
};

export type ForecastParams = AnalysisParams & { period: string; periods?: number; person?: string; department?: string; metric?: Metric };
export const forecastAddress = (params: ForecastParams) => `/analysis/forecast${query(params)}`;
export const useForecast = (params: ForecastParams, enabled = true) => useAnalysis<Forecast>(forecastAddress(params), enabled);

/** One's own deals alone, or those of all below as well. */
export type Covers = "own" | "line";
export type SaidEntry = {
  n: number;
  kind: "submission" | "adjustment" | "withdrawal";
  commit?: Amount;
  best_case?: Amount;
  note?: string | null;
  at: string;
  by: string;
  /** How the deals stood then. */
  figures?: { closed?: Amount; commit?: Amount; best_case?: Amount; pipeline?: Amount; weighted?: Amount };
};

/** Everything that was said of somebody's month. */
export type ForecastHistory = {
  person: { id: string; name?: string | null };
  period: string;
  from: string;
  to: string;
  over: boolean;
  covers: Covers;
  version: number;
  submission?: SaidEntry | null;
  adjustment?: SaidEntry | null;
  /** It was submitted again after the adjustment. */
  stale: boolean;
  suggested: { commit?: Amount; best_case?: Amount };
  /** The newest first. */
  entries: SaidEntry[];
  can: ("submit" | "adjust" | "withdraw")[];
  has_line: boolean;
  refs: Refs;
};

export type HistoryParams = { person: string; period: string; covers: Covers };
export const historyAddress = (params: HistoryParams) => `/analysis/forecast/history${query(params)}`;
export const useForecastHistory = (params: HistoryParams, enabled = true) => useAnalysis<ForecastHistory>(historyAddress(params), enabled);

export type Say = HistoryParams & { act: "submit" | "adjust" | "withdraw"; commit?: string | null; best_case?: string | null; note?: string; version: number };

const PATHS = { submit: "/analysis/forecast/submissions", adjust: "/analysis/forecast/adjustments", withdraw: "/analysis/forecast/adjustments/withdraw" };

/** Says what a month will come to; or, from above, as what one takes that, and that one does so no more. */
export function useSay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ act, person, ...body }: Say) => post<ForecastHistory>(PATHS[act], act === "submit" ? body : { person, ...body }),
    onSettled: () => client.invalidateQueries({ queryKey: analysisKeys.all }),
  });
}
