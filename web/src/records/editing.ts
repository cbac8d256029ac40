import type { Field, ObjectDef } from "~/api/types";
import { editableFields } from "~/fields/draft";

/** Why a field cannot be edited in place; `undefined` where it can. The server has the last word when it is saved. */
export type WhyNot = "moved" | "handedOver" | "reckoned" | "kept" | "fixed" | "readOnly";

export function whyNot(object: ObjectDef, field: Field): WhyNot | undefined {
  if (editableFields([field], "edit", object.key).length > 0) return undefined;
  if (object.key === "opportunity" && (field.key === "stage" || field.key === "sales_process")) return "moved";
  if (field.key === "owner") return "handedOver";
  if ((field.type as string) === "calculated" || (field.type as string) === "statistical") return "reckoned";
  if (field.system || field.type === "auto_number") return "kept";
  if (field.type === "master") return "fixed";
  return "readOnly";
}

/** The next cell of a row that can be edited, in reading direction or against it. */
export function nextEditable(object: ObjectDef, fields: Field[], from: string, step: 1 | -1): string | undefined {
  const start = fields.findIndex((field) => field.key === from);
  for (let at = start + step; at >= 0 && at < fields.length; at += step) {
    const field = fields[at];
    if (field && !whyNot(object, field)) return field.key;
  }
  return undefined;
}
