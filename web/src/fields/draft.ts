import type { Field, Rec, Value } from "~/api/types";

/** Fields of a record that cannot be changed as it stands: of a quote that was sent, the amount of a deal that follows its lines. */
export const frozenIn = (record: Rec | undefined): string[] => [...(record?.frozen ?? []), ...(record?.amount_follows_lines ? ["amount"] : [])];

/** Whether the product comes to the value by a formula or from other records. */
export const isReckoned = (field: Pick<Field, "type">) => field.type === "calculated" || field.type === "statistical";

/** Fields a person may fill in a form. The stage is changed by moving, the owner by handing over, never by typing. */
export function editableFields(fields: Field[], act: "create" | "edit", object: string): Field[] {
  const open = fields.filter((field) => field.access === "write" && !field.read_only && !field.system && field.type !== "auto_number" && !isReckoned(field));
  // Whom somebody reports to in a deal is drawn in its map: without the deal's other people at hand there is nothing to choose from.
  if (object === "contact_role") return open.filter((field) => field.key !== "reports_to");
  const moved = object === "opportunity" ? ["stage", ...(act === "edit" ? ["sales_process"] : []), ...(act === "create" ? ["lost_reason", "lost_note"] : [])] : [];
  return open.filter((field) => !moved.includes(field.key) && !(act === "edit" && field.type === "master"));
}

/** Whether a person has to fill the field. The process is found by the rules when nobody chooses one. */
export const mustBeFilled = (field: Field) => field.required && field.type !== "process";

/** The required ones first, each group in its own order. */
export function requiredFirst(fields: Field[]): Field[] {
  return [...fields.filter(mustBeFilled), ...fields.filter((field) => !mustBeFilled(field))];
}

export function sameValue(a: Value, b: Value): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** What has been changed against the record the form began with. */
export function changesOf(draft: Record<string, Value>, base: Rec): Record<string, Value> {
  return Object.fromEntries(Object.entries(draft).filter(([key, value]) => !sameValue(value, base.fields[key])).map(([key, value]) => [key, value ?? null]));
}

/** What a form for a new record begins with: the defaults of the fields, then what the place it was opened from knows. */
export function startOf(fields: Field[], given: Record<string, Value> = {}): Record<string, Value> {
  const defaults = Object.fromEntries(fields.filter((field) => field.default !== undefined && field.default !== null).map((field) => [field.key, field.default as Value]));
  return { ...defaults, ...given };
}
