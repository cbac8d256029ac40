// What somebody typed into the one field of the tool: which kind of thing it is, and where a new record would keep it.
import type { Field, ObjectDef, Value } from "~/api/types";
import { valueTypeOf } from "~/fields/registry";

export type SoughtKind = "email" | "url" | "phone" | "name";

export function kindOfText(text: string): SoughtKind {
  const typed = text.trim();
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed)) return "email";
  if (/^https?:\/\//i.test(typed) || /^(www\.)?([a-z0-9-]+\.)+[a-z]{2,}(\/\S*)?$/i.test(typed)) return "url";
  if (/^\+?[\d\s()/.-]+$/.test(typed) && typed.replace(/\D/g, "").length >= 5) return "phone";
  return "name";
}

const TYPES: Record<Exclude<SoughtKind, "name">, string> = { email: "email", url: "url", phone: "phone" };

/** What a new record of an object begins with; nothing where the object has no field for it. */
export function begunWith(object: ObjectDef, text: string): Record<string, Value> | undefined {
  const typed = text.trim();
  const kind = kindOfText(typed);
  const open = (field: Field) => field.access === "write" && !field.read_only && !field.system;
  const field = kind === "name" ? object.fields.find((it) => it.key === object.name_field && open(it) && valueTypeOf(it) === "text") : object.fields.find((it) => valueTypeOf(it) === TYPES[kind] && open(it));
  if (!field) return undefined;
  return { [field.key]: kind === "url" && !/^https?:/i.test(typed) ? `https://${typed}` : typed };
}
