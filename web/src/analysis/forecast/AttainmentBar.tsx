import type { ForecastCell, Metric } from "~/api/forecast";
import { shareOf } from "../pipeline/standing";
import classes from "./forecast.module.css";

/** What is closed, committed and possible beside the target. The figures that it draws stand beside it. */
export function AttainmentBar({ cell, metric, small }: { cell: ForecastCell; metric: Metric; small?: boolean }) {
  const open = metric === "won_count" ? ([cell.commit.count, cell.best_case.count] as const) : ([cell.commit.amount, cell.best_case.amount] as const);
  const parts = [
    { category: "closed", value: Number(cell.actual ?? 0) },
    // What is ordered says nothing of what is still open.
    ...(metric === "ordered_amount" ? [] : [
      { category: "commit", value: Number(open[0] ?? 0) },
      { category: "best_case", value: Number(open[1] ?? 0) },
    ]),
  ];
  const target = Number(cell.target ?? 0);
  const most = Math.max(1, target, parts.reduce((sum, part) => sum + Math.max(0, part.value), 0)) * 1.02;
  return (
    <span className={classes.attained} data-small={small || undefined} aria-hidden>
      {parts.map(({ category, value }) => (
        <span key={category} className={classes.part} data-category={category} style={{ width: `${shareOf(value, most) * 100}%` }} />
      ))}
      {target > 0 && <span className={classes.target} style={{ insetInlineStart: `${shareOf(target, most) * 100}%` }} />}
    </span>
  );
}
