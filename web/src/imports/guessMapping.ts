import type { Field } from "~/api/types";

/** Which field a column goes to; `null` leaves the column out. */
export type Mapping = Record<string, string | null>;

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

// What files of other systems call these fields.
const OTHER_NAMES: Record<string, string[]> = {
  amount: ["closevalue", "dealvalue", "value", "dealamount", "revenue"],
  stage: ["dealstage", "salesstage", "status"],
  owner: ["salesagent", "salesrep", "assignedto", "accountowner"],
  expected_close_date: ["closedate", "expectedclose"],
  closed_at: ["closedon", "closeddate"],
  created_at: ["engagedate", "createdate", "createdon"],
  name: ["title", "subject"],
};

/** How well a column's name fits a field: 3 the same, 2 known by another name, 1 one contains the other, 0 not at all. */
function fit(column: string, field: Field, object: string): number {
  const name = plain(column);
  const names = [field.key, field.label.en, field.label["zh-CN"]].map(plain);
  if (names.includes(name) || names.includes(plain(object) + name) || names.some((it) => plain(object) + it === name)) return 3;
  if (OTHER_NAMES[field.key]?.includes(name)) return 2;
  return name.length > 3 && names.some((it) => it.length > 3 && (it.includes(name) || name.includes(it))) ? 1 : 0;
}

/** Columns guessed by the names of fields. Better fits choose first, and no field is given away twice. */
export function guessMapping(columns: string[], fields: Field[], object: string): Mapping {
  const mapping: Mapping = Object.fromEntries(columns.map((column) => [column, null]));
  const taken = new Set<string>();
  const fits = columns
    .flatMap((column) => fields.map((field) => ({ column, field: field.key, score: fit(column, field, object) })))
    .filter((it) => it.score > 0)
    .sort((a, b) => b.score - a.score);
  for (const { column, field } of fits) {
    if (mapping[column] !== null || taken.has(field)) continue;
    mapping[column] = field;
    taken.add(field);
  }
  return mapping;
}

/** The column that tells rows apart in the system they come from: `opportunity_id`, `id`. */
export function guessExternalColumn(columns: string[], object: string): string | undefined {
  const wanted = [`${plain(object)}id`, "id", "externalid", `${plain(object)}number`];
  return wanted.map((name) => columns.find((column) => plain(column) === name)).find((it) => it !== undefined);
}
