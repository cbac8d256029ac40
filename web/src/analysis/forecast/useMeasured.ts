import type { Metric } from "~/api/forecast";
import { useFigures } from "../figures";

/** A figure in what targets are measured in: an amount, or a number of deals. */
export function useMeasured(metric: Metric, currency: string) {
  const figures = useFigures();
  return (value: string | number | null | undefined): string => (metric === "won_count" ? figures.count(value) : figures.amount(value == null ? null : String(value), currency));
}
