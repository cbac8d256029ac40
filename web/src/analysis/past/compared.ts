import type { AsOf } from "~/api/past";
import type { Standing, StandingRow } from "~/api/pipeline";

export type Compared = { key: string | null; label: StandingRow["label"]; then?: Standing; now?: Standing };

/** The parts of both days beside each other: in the order of today, then those that there were only then. */
export function compared(then: AsOf, now: AsOf): Compared[] {
  const before = new Map(then.rows.map((row) => [row.key, row]));
  const rows: Compared[] = now.rows.map((row) => ({ key: row.key, label: row.label, then: before.get(row.key), now: row }));
  const known = new Set(now.rows.map((row) => row.key));
  return [...rows, ...then.rows.filter((row) => !known.has(row.key)).map((row): Compared => ({ key: row.key, label: row.label, then: row }))];
}

const SCALE = 4;

/** How much more the second amount is, exactly; nothing where one of them is not to be known. */
export function difference(before: string | null | undefined, after: string | null | undefined): string | null {
  if (before === null || after === null) return null;
  const read = (text: string | undefined) => {
    const [, sign, whole, fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text ?? "0") ?? [];
    const size = BigInt((whole ?? "0") + fraction.padEnd(SCALE, "0").slice(0, SCALE));
    return sign ? -size : size;
  };
  const more = read(after) - read(before);
  const digits = (more < 0n ? -more : more).toString().padStart(SCALE + 1, "0");
  return `${more < 0n ? "-" : ""}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`.replace(/\.?0+$/, "");
}
