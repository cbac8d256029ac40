import type { Field, ObjectDef, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { editableFields, mustBeFilled, requiredFirst, startOf } from "~/fields/draft";

/** The form of a record that is made from another one. */
export type NewForm = {
  fields: Field[];
  /** What is asked for at once; the rest is one press away. */
  essential: string[];
  start: Record<string, Value>;
};

type Wanted = { link: string; fields?: string[]; fill?: { field: string }[]; values?: Record<string, Value> | null };

const FEW = 3;

/** What a new record is asked for: what must be filled, what is asked for, and what comes filled in. The link is set by the server. */
export function formOf(object: ObjectDef, { link, fields: asked = [], fill = [], values }: Wanted): NewForm {
  const open = requiredFirst(editableFields(object.fields, "create", object.key)).filter((field) => field.key !== link);
  const filled = [...fill.map((one) => one.field), ...Object.keys(values ?? {})];
  const first = open.filter((field) => asked.includes(field.key) || mustBeFilled(field) || filled.includes(field.key)).map((field) => field.key);
  // An object without any field that must be filled shows its first ones, or there would be nothing to write into.
  const essential = first.length > 0 ? first : open.slice(0, FEW).map((field) => field.key);
  const known = Object.fromEntries(Object.entries(values ?? {}).filter(([key]) => key !== link && open.some((field) => field.key === key)));
  const { [link]: _, ...start } = startOf(open, known);
  return { fields: open, essential: open.length - essential.length < FEW ? open.map((field) => field.key) : essential, start };
}

/** What is sent: an empty field is no value; one that came filled in and was emptied is sent as empty, or the server would fill it again. */
export function filledOf(draft: Record<string, Value>, start: Record<string, Value> = {}): Record<string, Value> {
  return Object.fromEntries(Object.entries(draft).flatMap(([key, value]) => (!isEmpty(value) ? [[key, value]] : key in start ? [[key, null]] : [])));
}
