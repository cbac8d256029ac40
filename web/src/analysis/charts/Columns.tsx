import { seriesColour } from "../colours";
import type { ChartData, Group, OnOpen, Point } from "./data";
import { pointsOf } from "./data";
import { Legend, placed } from "./Legend";
import { Canvas, Mark, markKey } from "./Mark";
import { fitted, scaleOf, ticksOf, widthOf } from "./scale";

export type DrawingProps = { data: ChartData; width: number; height: number; label: string; onOpen?: OnOpen };

const FOOT = 24;
const MOST = 64;

/** What the figures of a group come to one upon the other: how far up, how far below nought. */
const reachOf = (group: Group) => {
  const values = pointsOf(group).map((point) => point.value ?? 0);
  const sum = (side: (value: number) => boolean) => values.filter(side).reduce((a, b) => a + b, 0);
  return { up: sum((value) => value > 0), down: sum((value) => value < 0) };
};

export const reachOfAll = (groups: Group[]): [number, number] => [Math.min(0, ...groups.map((group) => reachOf(group).down)), Math.max(0, ...groups.map((group) => reachOf(group).up))];

/** Where each figure of a group begins and ends, one upon the other. */
export function stacked(group: Group): { point: Point; from: number; to: number; index: number }[] {
  let up = 0;
  let down = 0;
  return pointsOf(group).map((point, index) => {
    const value = point.value ?? 0;
    const from = value < 0 ? down : up;
    if (value < 0) down += value;
    else up += value;
    return { point, from, to: from + value, index };
  });
}

export const firstMark = (data: ChartData): string | undefined => {
  const group = data.groups[0];
  const point = group && pointsOf(group)[0];
  return group && point && markKey(group, point);
};

/** Upright columns, those of series one upon the other. */
export function Columns({ data, width, height, label, onOpen }: DrawingProps) {
  const legend = placed(data.series ?? [], width);
  const ticks = ticksOf(...reachOfAll(data.groups));
  const side = Math.max(...ticks.map((tick) => widthOf(data.axis(tick)))) + 8;
  const top = legend.height + 14;
  const y = scaleOf(ticks, height - FOOT, top);
  const step = (width - side) / Math.max(1, data.groups.length);
  const wide = Math.max(2, Math.min(MOST, step * 0.72));
  // Where the words have no room beside each other, only every second, third… is written.
  const every = Math.max(1, Math.ceil(34 / step));
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
      </g>
      {data.groups.map((group, place) => {
        const middle = side + (place + 0.5) * step;
        return (
          <g key={group.key}>
            {stacked(group).map(({ point, from, to, index }) => {
              const at = Math.min(y(from), y(to));
              const tall = Math.max(point.value ? 1.5 : 0, Math.abs(y(from) - y(to)));
              return (
                <Mark key={point.key} group={group} point={point}>
                  {/* Nothing to see is still something to press. */}
                  <rect x={middle - wide / 2} y={tall > 6 ? at : at - 6 + tall} width={wide} height={Math.max(6, tall)} fill="transparent" />
                  <rect x={middle - wide / 2} y={at} width={wide} height={tall} rx={2} fill={point.colour ?? group.colour ?? seriesColour(group.series ? index : 0)} />
                  {!group.series && widthOf(data.axis(point.value ?? 0)) < step && (
                    <text x={middle} y={(point.value ?? 0) < 0 ? at + tall + 13 : at - 4} textAnchor="middle">
                      {point.value === null ? point.text : data.axis(point.value)}
                    </text>
                  )}
                </Mark>
              );
            })}
            {place % every === 0 && (
              <text aria-hidden x={middle} y={height - 7} textAnchor="middle" fill="var(--ink-soft)">
                {fitted(group.label, step * every - 4)}
              </text>
            )}
          </g>
        );
      })}
    </Canvas>
  );
}
