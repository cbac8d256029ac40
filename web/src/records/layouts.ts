import type { Field, ObjectDef } from "~/api/types";

/** How an object's screens are laid out at first; a person's own choice of columns goes before it. */
type Layout = {
  columns: string[];
  /** The facts at the top of a record. */
  facts: string[];
  /** The fields in which a list can be narrowed with one gesture. */
  quick?: string[];
  sort?: string;
};

const layouts: Record<string, Layout> = {
  opportunity: {
    columns: ["account", "stage", "amount", "expected_close_date", "owner", "next_step"],
    facts: ["amount", "expected_close_date", "account", "product", "win_rate", "forecast_amount"],
    quick: ["stage"],
  },
  account: { columns: ["status", "sector", "country", "city", "annual_revenue", "employees", "owner"], facts: ["status", "sector", "country", "annual_revenue", "website"], quick: ["status"], sort: "name" },
  contact: { columns: ["account", "title", "email", "phone", "attitude", "owner"], facts: ["account", "title", "email", "phone"], sort: "name" },
  product: { columns: ["code", "series", "list_price", "active"], facts: ["code", "series", "list_price", "active"], sort: "name" },
  competitor: { columns: ["website", "strengths", "weaknesses"], facts: ["website"], sort: "name" },
  opportunity_line: { columns: ["product", "quantity", "price", "amount", "discount"], facts: ["product", "quantity", "price", "amount"], sort: "created_at" },
  contact_role: { columns: ["contact", "role", "attitude", "note"], facts: ["contact", "role", "attitude"], sort: "created_at" },
  employee: { columns: ["title", "department", "manager", "email", "active"], facts: ["title", "department", "manager", "email"], sort: "name" },
};

const named = (object: ObjectDef, keys: string[]) => keys.map((key) => object.fields.find((field) => field.key === key)).filter((field): field is Field => Boolean(field));
const ordinary = (object: ObjectDef) => object.fields.filter((field) => !field.system && field.type !== "long_text" && field.key !== object.name_field);

/** Columns beside the name. */
export function columnsOf(object: ObjectDef): Field[] {
  return named(object, layouts[object.key]?.columns ?? [...ordinary(object).slice(0, 6).map((field) => field.key), "owner"]);
}

export function factsOf(object: ObjectDef): Field[] {
  return named(object, layouts[object.key]?.facts ?? ordinary(object).slice(0, 5).map((field) => field.key));
}

export function quickFiltersOf(object: ObjectDef): Field[] {
  return named(object, layouts[object.key]?.quick ?? []);
}

export const sortOf = (object: string): string | undefined => layouts[object]?.sort;

/** Fields for the detail screen: what people fill in, what the product reckons, what it keeps about the record itself. */
export function sectionsOf(object: ObjectDef): { key: "about" | "figures" | "record"; fields: Field[] }[] {
  const about = object.fields.filter((field) => !field.system && !field.read_only && field.key !== object.name_field);
  const figures = object.fields.filter((field) => !field.system && field.read_only);
  const record = object.fields.filter((field) => field.system && field.type !== "boolean");
  return [
    { key: "about" as const, fields: about },
    { key: "figures" as const, fields: figures },
    { key: "record" as const, fields: record },
  ].filter((section) => section.fields.length > 0);
}
