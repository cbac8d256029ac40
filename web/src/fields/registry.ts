import type { Field, FieldType } from "~/api/types";
import { attachment } from "./Attachment";
import { boolean } from "./Boolean";
import { email, phone, url } from "./Contact";
import type { FieldKind } from "./contract";
import { currency } from "./Currency";
import { date, datetime } from "./Date";
import { longText } from "./LongText";
import { number, percent } from "./Number";
import { process } from "./Process";
import { department, employee, reference, regarding } from "./Reference";
import { references } from "./References";
import { multiSelect, select } from "./Select";
import { text } from "./Text";

const kinds: Record<Exclude<FieldType, "calculated" | "statistical">, FieldKind> = {
  text,
  long_text: longText,
  number,
  currency,
  percent,
  boolean,
  date,
  datetime,
  select,
  multi_select: multiSelect,
  email,
  phone,
  url,
  reference,
  references,
  master: reference,
  regarding,
  employee,
  department,
  auto_number: text,
  process,
  attachment,
};

/** The type of a field's values: its own, or what its formula or statistic comes to. */
export const valueTypeOf = (field: Pick<Field, "type" | "result">): Exclude<FieldType, "calculated" | "statistical"> =>
  field.type === "calculated" || field.type === "statistical" ? (field.result ?? "text") : field.type;

/** The way to show and edit a field; one of a type the app does not know yet is shown as text. */
export const kindOf = (field: Pick<Field, "type" | "result">): FieldKind => kinds[valueTypeOf(field)] ?? text;
