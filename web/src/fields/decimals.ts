/**
 * Reads what a person types as a number: `1,054.5`, `１０５４．５`, `1 054.5`. What cannot be read goes to the server as it
 * stands, whose refusal then says so at the field.
 */
export function readDecimal(typed: string): string | null {
  const plain = typed
    .normalize("NFKC")
    .replace(/[\s\u00a0_'’]/g, "")
    .replace(/−/g, "-");
  if (plain === "") return null;
  const grouped = plain.replace(/,(?=\d{3}(\D|$))/g, "");
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(grouped)) return grouped.replace(/^\+/, "").replace(/^(-?)\./, "$10.").replace(/\.$/, "");
  return typed;
}

/** How a table writes its numbers: `1,234.5` or `1.234,5`. */
export type NumberStyle = "point" | "comma";

/** The style in which most of the texts can only be meant; the point where nothing tells. */
export function numberStyleOf(texts: string[]): NumberStyle {
  let comma = 0;
  for (const text of texts) {
    const plain = text.normalize("NFKC").replace(/[^\d.,]/g, "");
    const [points, commas] = [plain.split(".").length - 1, plain.split(",").length - 1];
    const last = plain.lastIndexOf(",") > plain.lastIndexOf(".") ? "," : ".";
    const after = plain.length - plain.lastIndexOf(last) - 1;
    if (points > 0 && commas > 0) comma += last === "," ? 1 : -1;
    else if (points + commas > 1) comma += points > 0 ? 1 : -1;
    else if (points + commas === 1 && after !== 3) comma += commas > 0 ? 1 : -1;
  }
  return comma > 0 ? "comma" : "point";
}

/** The same number with a point, and without what groups its digits. */
export const withPoint = (text: string, style: NumberStyle) => (style === "point" ? text : text.replace(/\./g, "").replace(/,/g, "."));

/** Reads a plain decimal into a whole number of 10^-`scale`; nothing where it is none or has more digits. */
export function scaled(text: unknown, scale: number): bigint | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(typeof text === "number" ? String(text) : typeof text === "string" ? text.trim() : "");
  if (!found || !(found[2] || found[3])) return undefined;
  const fraction = (found[3] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return undefined;
  const size = BigInt((found[2] || "0") + fraction.padEnd(scale, "0"));
  return found[1] === "-" ? -size : size;
}
