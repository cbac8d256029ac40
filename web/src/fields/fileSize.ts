import type { Language } from "~/api/types";
import { formatDecimal } from "~/ui/format";

const UNITS = ["B", "kB", "MB", "GB"];

/** `820 B`, `1.4 MB`: as much as one wants to know before a download. */
export function formatSize(bytes: number, language: Language): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${formatDecimal(size.toFixed(unit === 0 || size >= 100 ? 0 : 1), language)} ${UNITS[unit]}`;
}

/** The kind of file in a word: what follows the last point of its name. */
export function extensionOf(name: string): string {
  return /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1]?.toUpperCase() ?? "";
}
