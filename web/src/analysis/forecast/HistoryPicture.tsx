import type { SaidEntry } from "~/api/forecast";

const HEIGHT = 220;
const LEFT = 74;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 26;
const DAY = 86_400_000;
const ROOM = 1.12;

const LINES = [
  { key: "commit", colour: "var(--series-1)", dash: undefined },
  { key: "best_case", colour: "var(--series-3)", dash: "7 4" },
] as const;
const TARGET = { key: "target", colour: "var(--ink)", dash: "2 3" } as const;

type Props = {
  /** The oldest first. */
  points: SaidEntry[];
  target?: string | number | null;
  from: string;
  to: string;
  width: number;
  money: (amount: number) => string;
  day: (day: string) => string;
  words: Record<"commit" | "best_case" | "target", string>;
};

/** How a forecast moved: what was said holds until something else is said. */
export function HistoryPicture({ points, target, from, to, width, money, day, words }: Props) {
  const times = points.map((point) => Date.parse(point.at));
  const first = Math.min(Date.parse(`${from}T00:00:00Z`), ...times);
  const last = Math.max(Math.min(Date.parse(`${to}T23:59:59Z`), Date.now()), ...times, first + DAY);
  const most = Math.max(1, Number(target ?? 0), ...points.flatMap((point) => [Number(point.commit ?? 0), Number(point.best_case ?? 0)]));
  const aim = Number(target ?? 0);
  const x = (time: number) => LEFT + ((time - first) / (last - first)) * (width - LEFT - RIGHT);
  const y = (amount: number) => TOP + (1 - amount / (most * ROOM)) * (HEIGHT - TOP - BOTTOM);
  return (
    <svg width={width} height={HEIGHT + 22} fontSize={11.5} fill="var(--ink-soft)">
      {[0, 0.25, 0.5, 0.75, 1].map((part) => (
        <g key={part}>
          <line x1={LEFT} x2={width - RIGHT} y1={y(part * most)} y2={y(part * most)} stroke="var(--line)" />
          <text x={LEFT - 8} y={y(part * most) + 4} textAnchor="end">
            {money(part * most)}
          </text>
        </g>
      ))}
      {aim > 0 && <line x1={LEFT} x2={width - RIGHT} y1={y(aim)} y2={y(aim)} stroke={TARGET.colour} strokeDasharray={TARGET.dash} />}
      {LINES.map(({ key, colour, dash }) => {
        const said = points.flatMap((point) => (point[key] == null ? [] : [{ kind: point.kind, x: x(Date.parse(point.at)), y: y(Number(point[key])) }]));
        const path = said.map((at, index) => (index === 0 ? `M${at.x},${at.y}` : `H${at.x}V${at.y}`)).join("");
        return (
          <g key={key}>
            {path && <path d={`${path}H${x(last)}`} fill="none" stroke={colour} strokeWidth={2} strokeDasharray={dash} />}
            {said.map((at, index) => (at.kind === "adjustment" ? <rect key={index} x={at.x - 4} y={at.y - 4} width={8} height={8} transform={`rotate(45 ${at.x} ${at.y})`} fill={colour} /> : <circle key={index} cx={at.x} cy={at.y} r={4} fill={colour} />))}
          </g>
        );
      })}
      <text x={LEFT} y={HEIGHT - 6}>
        {day(new Date(first).toISOString().slice(0, 10))}
      </text>
      <text x={width - RIGHT} y={HEIGHT - 6} textAnchor="end">
        {day(new Date(last).toISOString().slice(0, 10))}
      </text>
      <g transform={`translate(${LEFT} ${HEIGHT + 14})`}>
        {[...LINES, ...(aim > 0 ? [TARGET] : [])].map(({ key, colour, dash }, at) => (
          <g key={key} transform={`translate(${at * 100} 0)`}>
            <line x1={0} x2={22} y1={-4} y2={-4} stroke={colour} strokeWidth={2} strokeDasharray={dash} />
            <text x={28}>{words[key]}</text>
          </g>
        ))}
      </g>
    </svg>
  );
}
