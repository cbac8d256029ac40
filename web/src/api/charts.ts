import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useAnalysis, type Addresses } from "./analysis";
import { homeKeys } from "./home";
import { del, get, post, put, query } from "./http";
import type { Condition, Label } from "./types";
import type { Sharing } from "./views";

export type MeasureKind = "count" | "sum" | "average" | "min" | "max";
export type TimeStep = "day" | "week" | "month" | "quarter" | "year";
export type Grouping = { field: string; by?: TimeStep | null };
export type ChartKind = "column" | "bar" | "line" | "pie" | "funnel" | "number" | "table";

/** What a chart shows: of which records what is measured, by what it is divided, how it is drawn. */
export type ChartDocument = {
  object: string;
  chart_type: ChartKind;
  measure: { kind: MeasureKind; field?: string | null };
  group?: Grouping | null;
  series?: Grouping | null;
  filter?: Condition | null;
  sort?: "value" | "label" | "order" | null;
  /** How many groups; what remains stands behind them as one. */
  most?: number | null;
};

/** A chart that is kept under a name. */
export type OwnChart = { id: string; name: string; description?: string | null; chart: ChartDocument; sharing: Sharing; owner?: { id: string; name: string } | null; mine: boolean; can: string[]; version: number };
export type ChartDraft = Pick<OwnChart, "name" | "description" | "chart" | "sharing">;

type Figure = string | number | null;
export type FigurePoint = { key: string | null; label?: string | null; colour?: string | null; rest?: boolean; value: Figure; records?: number; behind?: Addresses };
export type FigureGroup = FigurePoint & { series?: FigurePoint[] | null; from?: string | null; to?: string | null };
export type Figures = {
  groups: FigureGroup[];
  series?: { key: string | null; label?: string | null; colour?: string | null; rest?: boolean }[] | null;
  total: { value: Figure; records?: number; behind?: Addresses };
  measure: { kind: MeasureKind; field?: string | null; label?: Partial<Label> | null; type: "count" | "amount" | "number" | "percent" };
  main_currency: string;
};

export const figuresAddress = (chart: ChartDocument) => `/analysis/figures${query({ chart })}`;
export const useFiguresOf = (chart: ChartDocument | undefined) => useAnalysis<Figures>(chart ? figuresAddress(chart) : "/analysis/figures", chart !== undefined);

export const chartKeys = { all: ["charts"] as const, one: (id: string) => ["charts", id] as const };

export function useOwnChart(id: string | undefined) {
  return useQuery({ queryKey: chartKeys.one(id ?? ""), queryFn: ({ signal }) => get<OwnChart>(`/charts/${id}`, { signal }), enabled: id !== undefined, staleTime: 60_000 });
}

export function useSaveChart() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ stored, draft }: { stored?: OwnChart; draft: ChartDraft }) => (stored ? put<OwnChart>(`/charts/${stored.id}`, draft, { ifMatch: stored.version }) : post<OwnChart>("/charts", draft)),
    onSuccess: (saved) => {
      client.setQueryData(chartKeys.one(saved.id), saved);
      return Promise.all([client.invalidateQueries({ queryKey: chartKeys.all }), client.invalidateQueries({ queryKey: homeKeys.gallery })]);
    },
  });
}

export function useDeleteChart() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (chart: OwnChart) => del(`/charts/${chart.id}`, { ifMatch: chart.version }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: chartKeys.all }), client.invalidateQueries({ queryKey: homeKeys.all })]),
  });
}
