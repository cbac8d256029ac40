import { shareOf, type Measure } from "./standing";

const ROW = 40;
const NAME = 190;
const TOP = 8;

export type PictureRow = { name: string; value: string | number | null | undefined; inner?: string | number | null; text: string; below: string };

/** Bars with their names and figures, as a picture that stands alone. */
export function StandingPicture({ rows, width, measure }: { rows: PictureRow[]; width: number; measure: Measure }) {
  const room = width - NAME - 130;
  const most = Math.max(1, ...rows.map((row) => Number(row.value ?? 0)));
  return (
    <svg width={width} height={TOP + rows.length * ROW} fontSize={12} fill="var(--ink)">
      {rows.map((row, at) => {
        const wide = Math.max(2, shareOf(row.value, most) * room);
        return (
          <g key={at} transform={`translate(0 ${TOP + at * ROW})`}>
            <text y={15} fontWeight={600}>
              {row.name.length > 28 ? `${row.name.slice(0, 27)}…` : row.name}
            </text>
            <rect x={NAME} width={wide} height={20} fill="var(--series-1)" fillOpacity={measure === "amount" ? 0.35 : 1} />
            {measure === "amount" && <rect x={NAME} width={wide * shareOf(row.inner, Number(row.value) || 1)} height={20} fill="var(--series-1)" />}
            <text x={NAME + wide + 8} y={15} fontWeight={600}>
              {row.text}
            </text>
            <text y={30} fontSize={11} fill="var(--ink-soft)">
              {row.below}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
