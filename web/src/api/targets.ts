import { useMutation, useQueryClient } from "@tanstack/react-query";
import { analysisKeys, useAnalysis } from "./analysis";
import type { Metric } from "./forecast";
import { put, query } from "./http";

/** An amount in the main currency, or a number of deals. */
export type Goal = string | number;
export type TargetRow = {
  kind: "department" | "person";
  id: string;
  name?: string | null;
  /** The department above, or the one that a person is in. */
  parent?: string | null;
  active: boolean;
  can_set: boolean;
  version: number;
  /** What was set, by period. */
  values: Record<string, Goal>;
  /** What holds: as it was set, or the sum of its parts. */
  effective: Record<string, { value: Goal; from: "set" | "parts" }>;
};
export type Targets = {
  year: number;
  metric: Metric;
  periods: { period: string; length: "year" | "quarter" | "month"; from: string; to: string }[];
  /** A department, its people, the departments below it. */
  rows: TargetRow[];
  /** Of each department: what the targets of its people come to, with those below it. */
  people: Record<string, Record<string, Goal>>;
  main_currency: string;
  can: { set: boolean };
};
export type TargetsParams = { year: string; metric: Metric; department?: string };
export type TargetsSet = { year: number; metric: Metric; rows: (Pick<TargetRow, "kind" | "id" | "version"> & { values: Record<string, Goal | null> })[] };

export const useTargets = (params: TargetsParams) => useAnalysis<Targets>(`/targets${query(params)}`);

export function useSetTargets() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (set: TargetsSet) => put<Targets>("/targets", set), onSettled: () => client.invalidateQueries({ queryKey: analysisKeys.all }) });
}
