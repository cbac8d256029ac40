import { seriesColour } from "../colours";
import { firstMark, type DrawingProps } from "./Columns";
import { Canvas, Mark } from "./Mark";
import { fitted, widthOf } from "./scale";

/** Groups one below the other, each as wide as it counts, about a middle line. */
export function Funnel({ data, width, height, label, onOpen }: DrawingProps) {
  const groups = data.groups;
  const most = Math.max(1e-9, ...groups.map((group) => group.value ?? 0));
  const side = Math.min(width * 0.34, Math.max(30, ...groups.map((group) => widthOf(group.label) + 12)));
  const ends = Math.min(width * 0.3, Math.max(20, ...groups.map((group) => widthOf(group.text) + 10)));
  const room = Math.max(20, width - side - ends);
  const line = Math.min(52, Math.max(28, height / Math.max(1, groups.length)));
  const middle = side + room / 2;
  return (
    <Canvas width={width} height={Math.max(height, groups.length * line)} label={label} onOpen={onOpen} first={firstMark(data)}>
      {groups.map((group, place) => {
        const half = ((group.value ?? 0) / most) * (room / 2);
        const next = ((groups[place + 1]?.value ?? group.value ?? 0) / most) * (room / 2);
        const y = place * line + 1;
        const foot = y + line - 3;
        // It narrows towards the next, never widens: a later stage may hold more.
        const below = Math.min(half, next);
        return (
          <Mark key={group.key} group={group} point={group}>
            <rect x={0} y={y} width={width} height={line - 2} fill="transparent" />
            <path d={`M ${middle - Math.max(1, half)} ${y} H ${middle + Math.max(1, half)} L ${middle + Math.max(1, below)} ${foot} H ${middle - Math.max(1, below)} Z`} fill={group.colour ?? seriesColour(0)} fillOpacity={1 - (place / Math.max(1, groups.length)) * 0.45} />
            <text x={side - 10} y={y + line / 2 + 3} textAnchor="end">
              {fitted(group.label, side - 12)}
            </text>
            <text x={side + room + 8} y={y + line / 2 + 3} fontWeight={560}>
              {fitted(group.text, ends - 8)}
            </text>
          </Mark>
        );
      })}
    </Canvas>
  );
}
