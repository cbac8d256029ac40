import type { ComponentType, ReactNode } from "react";
import type { Field, Refs, Value } from "~/api/types";

export type ShowProps = {
  field: Field;
  value: Value;
  /** Names of the records and people mentioned. */
  refs?: Refs;
  /** In a table: one line, nothing that can be clicked by mistake. */
  dense?: boolean;
  /** The record lies in a pool, and the value is seen when one has claimed it. */
  veiled?: boolean;
};

export type EditProps = {
  field: Field;
  value: Value;
  refs?: Refs;
  onChange: (value: Value) => void;
  /** Violations at this field. */
  error?: ReactNode;
  label?: ReactNode;
  required?: boolean;
  description?: ReactNode;
  autoFocus?: boolean;
  id?: string;
  "aria-label"?: string;
};

/** A type of field: how its value is shown and how it is edited. */
export type FieldKind = {
  Show: ComponentType<ShowProps>;
  Edit: ComponentType<EditProps>;
  /** Figures stand at the right of a column. */
  figures?: boolean;
  /** A form gives it the whole width. */
  wide?: boolean;
};

/** What every input of a form takes from its field. */
export function inputProps({ label, required, description, error, autoFocus, id, "aria-label": ariaLabel }: EditProps) {
  return { label, required: false, withAsterisk: required, description, error, "data-autofocus": autoFocus || undefined, autoFocus, id, "aria-label": ariaLabel, "aria-required": required || undefined };
}

export function isEmpty(value: Value): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
