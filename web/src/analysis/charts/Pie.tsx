import { seriesColour } from "../colours";
import { firstMark, type DrawingProps } from "./Columns";
import { Canvas, Mark } from "./Mark";
import { fitted } from "./scale";

const LINE = 22;

/** Parts of a whole, as a ring with a line for each beside it. */
export function Pie({ data, width, height, label, onOpen }: DrawingProps) {
  const groups = data.groups;
  const total = groups.reduce((sum, group) => sum + Math.max(0, group.value ?? 0), 0);
  const beneath = width < 340;
  const radius = Math.max(40, Math.min(beneath ? width / 2 : width * 0.24, 120, (beneath ? height * 0.6 : height) / 2) - 4);
  const left = beneath ? width / 2 : radius + 6;
  const top = radius + 4;
  const list = beneath ? { x: 0, y: 2 * radius + 20, room: width } : { x: 2 * radius + 30, y: Math.max(4, top - (groups.length * LINE) / 2), room: width - 2 * radius - 30 };
  const tall = Math.max(height, list.y + groups.length * LINE + 4, 2 * radius + 8);
  let turned = 0;
  return (
    <Canvas width={width} height={tall} label={label} onOpen={onOpen} first={firstMark(data)}>
      {groups.map((group, index) => {
        const share = total > 0 ? Math.max(0, group.value ?? 0) / total : 0;
        const colour = group.colour ?? seriesColour(index);
        const from = turned;
        turned += share;
        const y = list.y + index * LINE;
        return (
          <Mark key={group.key} group={group} point={group}>
            {share > 0 && <path d={slice(left, top, radius, from, turned)} fill={colour} stroke="var(--surface)" strokeWidth={1.5} />}
            <rect x={list.x} y={y} width={list.room} height={LINE} fill="transparent" />
            <rect x={list.x} y={y + 5} width={12} height={12} rx={2.5} fill={colour} />
            <text x={list.x + 18} y={y + 15}>
              {fitted(`${group.label} · ${group.text}${total > 0 ? ` · ${Math.round(share * 100)}%` : ""}`, list.room - 20)}
            </text>
          </Mark>
        );
      })}
    </Canvas>
  );
}

function slice(x: number, y: number, radius: number, from: number, to: number): string {
  const inner = radius * 0.56;
  // A whole ring begins where it ends, which an arc cannot say.
  const end = to - from >= 1 ? from + 0.99999 : to;
  const at = (share: number, r: number) => `${x + r * Math.sin(share * 2 * Math.PI)} ${y - r * Math.cos(share * 2 * Math.PI)}`;
  const large = end - from > 0.5 ? 1 : 0;
  return `M ${at(from, radius)} A ${radius} ${radius} 0 ${large} 1 ${at(end, radius)} L ${at(end, inner)} A ${inner} ${inner} 0 ${large} 0 ${at(from, inner)} Z`;
}
