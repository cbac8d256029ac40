import { shareOf } from "../pipeline/standing";

export type PictureRange = { name: string; p10?: string | null; p50?: string | null; p90?: string | null; solid?: string | null; dot?: string | null; text: string };

const ROW = 34;
const NAME = 110;
const TEXT = 250;

/** Ranges below each other, each with what is sure or what it came to, as a picture that stands alone. */
export function RangePicture({ rows, width }: { rows: PictureRange[]; width: number }) {
  const most = Math.max(1, ...rows.flatMap((row) => [row.p90, row.solid, row.dot].map((value) => Number(value ?? 0)))) * 1.04;
  const x = (value: string | null | undefined) => NAME + shareOf(value, most) * (width - NAME - TEXT);
  return (
    <svg width={width} height={rows.length * ROW + 6} fontSize={12} fill="var(--ink)">
      {rows.map((row, at) => (
        <g key={at} transform={`translate(0 ${at * ROW + 4})`}>
          <text y={17} fontWeight={600}>
            {row.name}
          </text>
          <line x1={NAME} x2={width - TEXT} y1={13} y2={13} stroke="var(--line-strong)" />
          {row.solid && <rect x={NAME} y={5} width={Math.max(1, x(row.solid) - NAME)} height={16} fill="var(--stage-won)" />}
          <rect x={x(row.p10)} y={7} width={Math.max(1, x(row.p90) - x(row.p10))} height={12} fill="var(--series-6)" fillOpacity={0.45} stroke="var(--series-6)" />
          <line x1={x(row.p50)} x2={x(row.p50)} y1={3} y2={23} stroke="var(--ink)" strokeWidth={2} />
          {row.dot && <circle cx={x(row.dot)} cy={13} r={5} fill="var(--series-2)" stroke="var(--surface)" />}
          <text x={width} y={17} textAnchor="end">
            {row.text}
          </text>
        </g>
      ))}
    </svg>
  );
}
