import type { Forecast, ForecastRow } from "~/api/forecast";
import { shareOf } from "../pipeline/standing";

const ROW = 34;
const NAME = 180;
const TEXT = 90;
const PARTS = [
  { category: "closed", fill: "var(--stage-won)", opacity: 1 },
  { category: "commit", fill: "var(--series-6)", opacity: 1 },
  { category: "best_case", fill: "var(--series-6)", opacity: 0.4 },
] as const;

/** Every line with what is closed, committed and possible beside its target, as a picture that stands alone. */
export function ForecastPicture({ data, width, nameOf }: { data: Forecast; width: number; nameOf: (row: ForecastRow) => string }) {
  const rows = [data.total, ...data.rows];
  const sum = (row: ForecastRow) => PARTS.reduce((total, { category }) => total + Number(row.cells[0]?.[category].amount ?? 0), 0);
  const target = (row: ForecastRow) => (data.metric === "won_amount" ? Number(row.cells[0]?.target ?? 0) : 0);
  const most = Math.max(1, ...rows.map((row) => Math.max(sum(row), target(row)))) * 1.02;
  const room = width - NAME - TEXT;
  return (
    <svg width={width} height={rows.length * ROW + 6} fontSize={12} fill="var(--ink)">
      {rows.map((row, at) => {
        let x = NAME;
        const name = nameOf(row);
        return (
          <g key={at} transform={`translate(0 ${at * ROW + 4})`}>
            <text y={16} fontWeight={at === 0 ? 620 : 400}>
              {name.length > 26 ? `${name.slice(0, 25)}…` : name}
            </text>
            {PARTS.map(({ category, fill, opacity }) => {
              const wide = shareOf(row.cells[0]?.[category].amount, most) * room;
              x += wide;
              return <rect key={category} x={x - wide} y={2} width={wide} height={20} fill={fill} fillOpacity={opacity} />;
            })}
            {target(row) > 0 && <line x1={NAME + shareOf(target(row), most) * room} x2={NAME + shareOf(target(row), most) * room} y1={-1} y2={25} stroke="var(--ink)" strokeWidth={2} />}
            <text x={width} y={16} textAnchor="end">
              {row.cells[0]?.attainment == null ? "" : `${row.cells[0].attainment} %`}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
