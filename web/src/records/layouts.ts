import type { Field, Label, ObjectDef } from "~/api/types";
import { isReckoned, mustBeFilled } from "~/fields/draft";

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
  lead: {
    columns: ["company", "lead_status", "email", "phone", "lead_source", "owner", "created_at"],
    facts: ["lead_status", "company", "email", "phone", "lead_source"],
    quick: ["lead_status", "lead_source"],
  },
  account: { columns: ["status", "sector", "country", "city", "annual_revenue", "employees", "owner"], facts: ["status", "sector", "country", "annual_revenue", "website"], quick: ["status"], sort: "name" },
  contact: { columns: ["account", "title", "email", "phone", "attitude", "owner"], facts: ["account", "title", "email", "phone"], sort: "name" },
  product: { columns: ["code", "series", "list_price", "active"], facts: ["code", "series", "list_price", "active"], sort: "name" },
  competitor: { columns: ["website", "strengths", "weaknesses"], facts: ["website"], sort: "name" },
  opportunity_line: { columns: ["product", "quantity", "price", "discount", "amount"], facts: ["product", "quantity", "price", "amount"], sort: "position" },
  quote: { columns: ["number", "version_no", "quote_status", "account", "total", "total_discount", "valid_until", "owner"], facts: ["number", "quote_status", "total", "total_discount", "valid_until"], quick: ["quote_status"], sort: "-created_at" },
  quote_line: { columns: ["product", "quantity", "price", "discount", "amount"], facts: ["product", "quantity", "price", "amount"], sort: "position" },
  sales_order: { columns: ["number", "order_status", "account", "total", "order_date", "delivery_date", "owner"], facts: ["number", "order_status", "total", "order_date", "delivery_date"], quick: ["order_status"], sort: "-created_at" },
  sales_order_line: { columns: ["product", "quantity", "price", "discount", "amount"], facts: ["product", "quantity", "price", "amount"], sort: "position" },
  price_book: { columns: ["currency", "valid_from", "valid_until", "standard", "active"], facts: ["currency", "valid_from", "valid_until", "standard", "active"], sort: "name" },
  price_book_entry: { columns: ["product", "price"], facts: ["product", "price"], sort: "name" },
  opportunity_competitor: { columns: ["competitor", "quoted_price", "standing", "won"], facts: ["competitor", "quoted_price", "standing"], sort: "created_at" },
  win_loss_review: { columns: ["opportunity", "outcome", "main_reason", "competitor", "reviewed_by", "reviewed_on"], facts: ["opportunity", "outcome", "main_reason", "competitor", "reviewed_on"], quick: ["outcome", "main_reason"], sort: "-created_at" },
  contact_role: { columns: ["contact", "role", "attitude", "note"], facts: ["contact", "role", "attitude"], sort: "created_at" },
  employee: { columns: ["title", "department", "manager", "email", "active"], facts: ["title", "department", "manager", "email"], sort: "name" },
};

const named = (object: ObjectDef, keys: string[]) => keys.map((key) => object.fields.find((field) => field.key === key)).filter((field): field is Field => Boolean(field));
const ordinary = (object: ObjectDef) => object.fields.filter((field) => !field.system && field.type !== "long_text" && field.type !== "attachment" && field.key !== object.name_field);

/** Columns beside the name. */
export function columnsOf(object: ObjectDef): Field[] {
  return named(object, layouts[object.key]?.columns ?? [...ordinary(object).slice(0, 5).map((field) => field.key), "owner"]);
}

export function factsOf(object: ObjectDef): Field[] {
  return named(object, layouts[object.key]?.facts ?? ordinary(object).slice(0, 5).map((field) => field.key));
}

export function quickFiltersOf(object: ObjectDef): Field[] {
  return named(object, layouts[object.key]?.quick ?? []);
}

export const sortOf = (object: string): string | undefined => layouts[object]?.sort;

/** A group of fields: the sections of an administrator's layout, or the product's own where there is none. */
export type Section = { key: string; title: Partial<Label> | "about" | "figures" | "course" | "record" | "more" | null; fields: Field[]; collapsed: boolean };

/** Fields for the detail screen. What a layout does not name stays in reach, folded, at the end. */
export function sectionsOf(object: ObjectDef): Section[] {
  if (object.layout) {
    const sections = laidOut(object);
    const shown = new Set(sections.flatMap((section) => section.fields));
    const rest = object.fields.filter((field) => !shown.has(field) && field.key !== object.name_field && !(field.system && field.type === "boolean"));
    return [...sections, { key: "more", title: "more" as const, fields: rest, collapsed: true }].filter((section) => section.fields.length > 0);
  }
  const reckoned = (field: Field) => field.read_only || isReckoned(field);
  const about = object.fields.filter((field) => !field.system && !reckoned(field) && field.key !== object.name_field);
  const figures = object.fields.filter((field) => !field.system && reckoned(field) && field.key !== object.name_field);
  // What the product keeps is mostly figures; of some objects it is how they went.
  const figured = figures.some((field) => ["number", "currency", "percent"].includes(field.result ?? field.type));
  const record = object.fields.filter((field) => field.system && field.type !== "boolean");
  return [
    { key: "about", title: "about" as const, fields: about, collapsed: false },
    { key: "figures", title: figured ? ("figures" as const) : ("course" as const), fields: figures, collapsed: false },
    { key: "record", title: "record" as const, fields: record, collapsed: false },
  ].filter((section) => section.fields.length > 0);
}

function laidOut(object: ObjectDef): Section[] {
  return (object.layout?.sections ?? []).map((section, index) => ({ key: section.key ?? String(index), title: section.label ?? null, fields: named(object, section.fields), collapsed: section.collapsed }));
}

/**
 * The sections of a form, as far as their fields may be filled in; `undefined` where no layout is defined. What must be filled in, or was
 * brought along, is asked for even where the layout has no place for it.
 */
export function formSectionsOf(object: ObjectDef, fields: Field[], brought: string[], reckoned = false): Section[] | undefined {
  if (!object.layout) return undefined;
  // What is reckoned is shown where the layout has it, once there is something to reckon with.
  const shown = (field: Field) => fields.includes(field) || (reckoned && isReckoned(field));
  const sections = laidOut(object).map((section) => ({ ...section, fields: section.fields.filter(shown) }));
  const placed = new Set(sections.flatMap((section) => section.fields));
  const left = fields.filter((field) => !placed.has(field) && (mustBeFilled(field) || brought.includes(field.key)));
  const first: Section[] = left.length > 0 ? [{ key: "asked", title: null, fields: left, collapsed: false }] : [];
  return [...first, ...sections].filter((section) => section.fields.length > 0);
}
