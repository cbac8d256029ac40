import { seriesColour } from "../colours";
import { firstMark, reachOfAll, stacked, type DrawingProps } from "./Columns";
import { Legend, placed } from "./Legend";
import { Canvas, Mark } from "./Mark";
import { fitted, scaleOf, ticksOf, widthOf } from "./scale";

export const BAR_LINE = 28;
const THICK = 18;

/** Lying bars, for groups with long names. */
export function Bars({ data, width, height, label, onOpen }: DrawingProps) {
  const legend = placed(data.series ?? [], width);
  const side = Math.min(width * 0.36, Math.max(30, ...data.groups.map((group) => widthOf(group.label) + 10)));
  const ends = Math.max(20, ...data.groups.map((group) => (group.series ? 0 : widthOf(data.axis(group.value ?? 0)) + 8)));
  const x = scaleOf(ticksOf(...reachOfAll(data.groups)), side, width - ends);
  const line = Math.min(44, Math.max(BAR_LINE, (height - legend.height) / Math.max(1, data.groups.length)));
  const tall = Math.max(height, legend.height + data.groups.length * line);
  return (
    <Canvas width={width} height={tall} label={label} onOpen={onOpen} first={firstMark(data)}>
      <Legend items={legend.items} />
      {data.groups.map((group, place) => {
        const middle = legend.height + (place + 0.5) * line;
        return (
          <g key={group.key}>
            <text aria-hidden x={side - 8} y={middle + 4} textAnchor="end">
              {fitted(group.label, side - 10)}
            </text>
            {stacked(group).map(({ point, from, to, index }) => {
              const at = Math.min(x(from), x(to));
              const wide = Math.max(point.value ? 1.5 : 0, Math.abs(x(to) - x(from)));
              return (
                <Mark key={point.key} group={group} point={point}>
                  <rect x={at} y={middle - THICK / 2} width={Math.max(6, wide)} height={THICK} fill="transparent" />
                  <rect x={at} y={middle - THICK / 2} width={wide} height={THICK} rx={2} fill={point.colour ?? group.colour ?? seriesColour(group.series ? index : 0)} />
                  {!group.series && (
                    <text x={Math.max(x(from), x(to)) + 6} y={middle + 4}>
                      {point.value === null ? point.text : data.axis(point.value)}
                    </text>
                  )}
                </Mark>
              );
            })}
          </g>
        );
      })}
    </Canvas>
  );
}
