import { seriesColour } from "../colours";
import type { Series } from "./data";
import { fitted, widthOf } from "./scale";

const LINE = 20;
const GAP = 18;
const SWATCH = 17;
const MOST = 180;

type Placed = Series & { x: number; y: number; text: string; index: number };

/** Which colour is which, in as many lines as it takes. */
export function placed(series: Series[], width: number): { items: Placed[]; height: number } {
  let x = 0;
  let y = 0;
  const items = series.map((one, index) => {
    const text = fitted(one.label, Math.min(MOST, width - SWATCH));
    const wide = SWATCH + widthOf(text) + GAP;
    if (x > 0 && x + wide - GAP > width) {
      x = 0;
      y += LINE;
    }
    const item = { ...one, x, y, text, index };
    x += wide;
    return item;
  });
  return { items, height: items.length > 0 ? y + LINE + 4 : 0 };
}

export function Legend({ items }: { items: Placed[] }) {
  return (
    <g aria-hidden>
      {items.map((item) => (
        <g key={item.key} transform={`translate(${item.x} ${item.y})`}>
          <rect width={12} height={12} y={1} rx={2.5} fill={item.colour ?? seriesColour(item.index)} />
          <text x={SWATCH} y={11}>
            {item.text}
          </text>
        </g>
      ))}
    </g>
  );
}
