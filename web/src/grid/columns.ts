import type { ReactNode } from "react";
import type { Field, Label, ObjectDef, Refs, Value } from "~/api/types";
import { editableFields } from "~/fields/draft";
import { kindOf } from "~/fields/registry";
import type { GridRow } from "./rows";

/** A record that is offered in a cell, with what else is known of it. */
export type Choice = { id: string; name: string; detail?: string; fields: Record<string, Value> };

/** A column of a grid: a field that is filled in, or a figure that follows from the row. */
export type Column = {
  field: Field;
  /** Pixels it needs at least. */
  width: number;
  /** It takes what is left. */
  grows?: boolean;
  /** What is shown instead of an input. */
  shows?: (row: GridRow) => ReactNode;
  /** Fields of the records that are offered, besides their names. */
  offers?: { fields: string[]; only?: { field: string; value: Value }; detail?: (fields: Record<string, Value>, refs?: Refs) => string | undefined };
  /** Not in the table: only where a row is edited by itself. */
  apart?: boolean;
};

const WIDTHS: Partial<Record<Field["type"], number>> = { number: 92, percent: 84, currency: 130, boolean: 90, date: 150, select: 150, reference: 190, text: 170, employee: 170 };

/** The columns that follow from an object: what one may fill in, without what leads to the record the rows live in. */
export function columnsOf(object: ObjectDef, link: string | undefined): Column[] {
  return editableFields(object.fields, "create", object.key)
    .filter((field) => field.key !== link && field.type !== "master" && field.type !== "attachment")
    .map((field) => ({ field, width: WIDTHS[field.type] ?? 150, grows: field.type === "text" || field.type === "reference", apart: field.type === "long_text" }));
}

export const isFigure = ({ field }: Column) => Boolean(kindOf(field).figures);

/** What is typed into a plain input; anything else brings its own. */
const TYPED = ["text", "email", "phone", "url", "number", "percent", "currency"];
export const isTyped = ({ field }: Column) => TYPED.includes(field.type);

/** Found by typing its name. */
export const isLookedUp = ({ field }: Column) => field.type === "reference";

/** Whether a heading of a pasted table names the column. */
export function isNamed(column: Column, heading: string): boolean {
  const said = heading.trim().toLowerCase();
  const label: Partial<Label> = column.field.label;
  return said !== "" && [column.field.key, label.en, label["zh-CN"]].some((name) => name?.toLowerCase() === said);
}
