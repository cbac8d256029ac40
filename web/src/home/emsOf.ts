/** About how wide a figure is in bold, in ems: tabular digits, narrow signs, letters, and characters as wide as they are high. */
export function emsOf(text: string): number {
  let ems = 0;
  for (const sign of text) {
    if (/[\d]/.test(sign)) ems += 0.65;
    else if (/[.,'’\s]/.test(sign)) ems += 0.32;
    else if (/[\u2e80-\uffef]/.test(sign)) ems += 1.05;
    else ems += 0.72;
  }
  return Math.max(1, ems);
}
