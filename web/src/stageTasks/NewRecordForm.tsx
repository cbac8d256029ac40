import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FieldFindings } from "~/api/problem";
import type { ObjectDef, Refs, Value } from "~/api/types";
import { AlikePanel } from "~/duplicates/AlikePanel";
import { FieldForm } from "~/fields/FieldForm";
import { useJudge } from "~/records/visible";
import type { NewForm } from "./newRecord";

type Props = {
  object: ObjectDef;
  form: NewForm;
  values: Record<string, Value>;
  refs?: Refs;
  findings?: FieldFindings;
  autoFocus?: boolean;
  onChange: (key: string, value: Value) => void;
};

/** A small form of a new record within another act; all of its fields are one press away. */
export function NewRecordForm({ object, form, values, refs, findings, autoFocus, onChange }: Props) {
  const { t } = useTranslation("stageTasks");
  const { isVisible, isAsked } = useJudge(object);
  const [pressed, setPressed] = useState(false);
  // What is wrong is shown, wherever it stands.
  const whole = pressed || Object.keys(findings?.byField ?? {}).some((key) => !form.essential.includes(key) && form.fields.some((field) => field.key === key));
  const shown = form.fields.filter((field) => (whole || form.essential.includes(field.key)) && isVisible(field, values));
  return (
    <>
      <FieldForm
        fields={shown}
        values={values}
        refs={refs}
        findings={findings}
        required={shown.filter((field) => isAsked(field, values)).map((field) => field.key)}
        autoFocus={autoFocus}
        onChange={onChange}
      />
      {!whole && form.essential.length < form.fields.length && (
        <Button variant="subtle" size="compact-sm" mt="xs" ml={-8} onClick={() => setPressed(true)}>
          {t("moreFields")}
        </Button>
      )}
      <AlikePanel object={object.key} fields={values} />
    </>
  );
}
