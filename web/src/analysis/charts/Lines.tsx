import { seriesColour } from "../colours";
import { firstMark, type DrawingProps } from "./Columns";
import { pointsOf } from "./data";
import { Legend, placed } from "./Legend";
import { Canvas, Mark } from "./Mark";
import { fitted, scaleOf, ticksOf, widthOf } from "./scale";

const FOOT = 24;
const DASHES = ["", "7 4", "2 3", "9 3 2 3"];

/** Lines over time, one for each series; told apart by dashes too. */
export function Lines({ data, width, height, label, onOpen }: DrawingProps) {
  const legend = placed(data.series ?? [], width);
  const values = data.groups.flatMap((group) => pointsOf(group).map((point) => point.value ?? 0));
  const ticks = ticksOf(Math.min(0, ...values), Math.max(0, ...values));
  const side = Math.max(...ticks.map((tick) => widthOf(data.axis(tick)))) + 8;
  const y = scaleOf(ticks, height - FOOT, legend.height + 10);
  const step = (width - side) / Math.max(1, data.groups.length);
  const x = (place: number) => side + (place + 0.5) * step;
  const every = Math.max(1, Math.ceil(52 / step));
  const lines = Math.max(1, ...data.groups.map((group) => pointsOf(group).length));
  return (
    <Canvas width={width} height={height} label={label} onOpen={onOpen} first={firstMark(data)}>
      <Legend items={legend.items} />
      <g aria-hidden>
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={side} x2={width} y1={y(tick)} y2={y(tick)} stroke={tick === 0 ? "var(--line-strong)" : "var(--line)"} />
            <text x={side - 8} y={y(tick) + 4} textAnchor="end" fill="var(--ink-soft)">
              {data.axis(tick)}
            </text>
          </g>
        ))}
        {data.groups.map((group, place) =>
          place % every === 0 ? (
            <text key={group.key} x={x(place)} y={height - 7} textAnchor="middle" fill="var(--ink-soft)">
              {fitted(group.label, step * every - 4)}
            </text>
          ) : null,
        )}
        {Array.from({ length: lines }, (_, line) => (
          <polyline
            key={line}
            fill="none"
            stroke={data.series?.[line]?.colour ?? seriesColour(line)}
            strokeWidth={2}
            strokeDasharray={DASHES[line % DASHES.length]}
            points={data.groups.flatMap((group, place) => {
              const value = pointsOf(group)[line]?.value;
              return value === null || value === undefined ? [] : [`${x(place)},${y(value)}`];
            }).join(" ")}
          />
        ))}
      </g>
      {data.groups.map((group, place) =>
        pointsOf(group).map((point, line) =>
          point.value === null ? null : (
            <Mark key={`${group.key} ${point.key}`} group={group} point={point}>
              <circle cx={x(place)} cy={y(point.value)} r={9} fill="transparent" />
              <circle cx={x(place)} cy={y(point.value)} r={3.5} fill="var(--surface)" stroke={data.series?.[line]?.colour ?? seriesColour(line)} strokeWidth={2} />
            </Mark>
          ),
        ),
      )}
    </Canvas>
  );
}
