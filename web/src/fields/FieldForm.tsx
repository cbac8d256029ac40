import { Alert, Input } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FieldFindings } from "~/api/problem";
import type { Field, Refs, Value } from "~/api/types";
import { NoRoom } from "~/holding/NoRoom";
import { useLabel } from "~/i18n";
import classes from "./FieldForm.module.css";
import { FieldEdit } from "./FieldEdit";
import { FieldShow } from "./FieldShow";
import { isReckoned, mustBeFilled } from "./draft";
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
  const first = fields.findIndex((field) => !isReckoned(field));
  return (
    <>
      <GeneralFindings findings={findings} />
      <div className={classes.form}>
        {fields.map((field, index) => (
          <div key={field.key} className={kindOf(field).wide ? classes.wide : undefined} data-field={field.key}>
            {isReckoned(field) ? (
              <Reckoned field={field} value={values[field.key]} refs={refs} />
            ) : (
              <FieldEdit
                field={field}
                value={values[field.key]}
                refs={refs}
                required={mustBeFilled(field) || required?.includes(field.key)}
                error={findings?.byField[field.key]?.join(" ")}
                onChange={(value) => onChange(field.key, value)}
                autoFocus={autoFocus && index === first}
              />
            )}
          </div>
        ))}
      </div>
    </>
  );
}

/** What the product comes to: it stands in its place, and is reckoned anew with the save. */
function Reckoned({ field, value, refs }: { field: Field; value: Value; refs?: Refs }) {
  const { t } = useTranslation("fields");
  const label = useLabel();
  return (
    <Input.Wrapper label={label(field.label)} labelElement="div" description={t("reckonedOnSave")} inputWrapperOrder={["label", "input", "description", "error"]}>
      <div className={classes.reckoned}>
        <FieldShow field={field} value={value} refs={refs} />
      </div>
    </Input.Wrapper>
  );
}

/** Findings that concern no field on the screen. */
export function GeneralFindings({ findings }: { findings?: FieldFindings }) {
  if (!findings?.general.length) return null;
  const held = findings.held ?? [];
  const general = findings.general.filter((message) => !held.some((it) => (it.message || it.code) === message));
  return (
    <>
      <NoRoom violations={held} />
      {general.length > 0 && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {general.map((message, index) => (
            <div key={index}>{message}</div>
          ))}
        </Alert>
      )}
    </>
  );
}
