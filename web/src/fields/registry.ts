import type { FieldType } from "~/api/types";
import { boolean } from "./Boolean";
import { email, phone, url } from "./Contact";
import type { FieldKind } from "./contract";
import { currency } from "./Currency";
import { date, datetime } from "./Date";
import { longText } from "./LongText";
import { number, percent } from "./Number";
import { process } from "./Process";
import { department, employee, reference, regarding } from "./Reference";
import { multiSelect, select } from "./Select";
import { text } from "./Text";

const kinds: Record<FieldType, FieldKind> = {
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
  master: reference,
  regarding,
  employee,
  department,
  auto_number: text,
  process,
};

/** The way to show and edit a type; one the app does not know yet is shown as text. */
export const kindOf = (type: FieldType): FieldKind => kinds[type] ?? text;
