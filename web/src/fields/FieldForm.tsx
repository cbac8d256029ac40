import { Alert } from "@mantine/core";
import type { FieldFindings } from "~/api/problem";
import type { Field, Refs, Value } from "~/api/types";
import classes from "./FieldForm.module.css";
import { FieldEdit } from "./FieldEdit";
import { mustBeFilled } from "./draft";
import { kindOf } from "./registry";

type Props = {
  fields: Field[];
  values: Record<string, Value>;
  refs?: Refs;
  findings?: FieldFindings;
  onChange: (key: string, value: Value) => void;
  /** Keys that must be filled here though the definition does not say so. */
  required?: string[];
  autoFocus?: boolean;
};

/** Inputs for fields, drawn from their definitions; each violation stands at its field, the others above them all. */
export function FieldForm({ fields, values, refs, findings, onChange, required, autoFocus }: Props) {
  return (
    <>
      <GeneralFindings findings={findings} />
      <div className={classes.form}>
        {fields.map((field, index) => (
          <div key={field.key} className={kindOf(field).wide ? classes.wide : undefined} data-field={field.key}>
            <FieldEdit
              field={field}
              value={values[field.key]}
              refs={refs}
              required={mustBeFilled(field) || required?.includes(field.key)}
              error={findings?.byField[field.key]?.join(" ")}
              onChange={(value) => onChange(field.key, value)}
              autoFocus={autoFocus && index === 0}
            />
          </div>
        ))}
      </div>
    </>
  );
}

/** Findings that concern no field on the screen. */
export function GeneralFindings({ findings }: { findings?: FieldFindings }) {
  if (!findings?.general.length) return null;
  return (
    <Alert color="red" variant="light" mb="sm" role="alert">
      {findings.general.map((message, index) => (
        <div key={index}>{message}</div>
      ))}
    </Alert>
  );
}
