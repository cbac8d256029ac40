const STEPS = [1, 2, 2.5, 5, 10];

/** Round numbers for an axis that reaches from the least to the most, through nought. */
export function ticksOf(least: number, most: number, about = 4): number[] {
  const from = Math.min(0, least);
  const to = Math.max(0, most);
  if (to === from) return [0, 1];
  const rough = (to - from) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Where numbers stand between two places. */
export function scaleOf(ticks: number[], start: number, end: number): (value: number) => number {
  const least = ticks[0] ?? 0;
  const most = ticks.at(-1) ?? 1;
  return (value) => start + ((value - least) / (most - least || 1)) * (end - start);
}

/** About how wide a text of 12 px is drawn. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) width += letter.charCodeAt(0) > 0x2e80 ? 12 : 6.7;
  return width;
}

/** As much of a text as fits. */
export function fitted(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  let kept = "";
  for (const letter of text) {
    if (widthOf(`${kept}${letter}…`) > room) break;
    kept += letter;
  }
  return kept ? `${kept.trimEnd()}…` : "";
}
