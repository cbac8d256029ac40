import { Button, Input } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FieldFindings } from "~/api/problem";
import type { Field, ObjectDef, Rec, Refs, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { isReckoned } from "~/fields/draft";
import { FieldEdit } from "~/fields/FieldEdit";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel } from "~/i18n";
import { DayPicker } from "~/ui/DayPicker";
import { accountOf } from "./draft";
import classes from "./forms.module.css";

type Props = {
  /** The definition of activities, or of tasks. */
  object: ObjectDef;
  /** What it is about. */
  about: Rec;
  values: Record<string, Value>;
  refs?: Refs;
  findings?: FieldFindings;
  onChange: (key: string, value: Value) => void;
  autoFocus?: boolean;
};

const writable = (object: ObjectDef, key: string): Field | undefined => object.fields.find((field) => field.key === key && field.access === "write" && !field.read_only && !isReckoned(field));

/** Fields of an administrator's own that must be filled in, beside those of the form. */
function othersAsked(object: ObjectDef, known: string[]): Field[] {
  return object.fields.filter((field) => field.required && !field.system && !known.includes(field.key) && writable(object, field.key) === field && (field.default === undefined || field.default === null));
}

const ACTIVITY = ["name", "activity_type", "regarding", "content", "contact", "outcome", "happened_at", "next_step", "next_step_at", "files"];
const TASK = ["name", "regarding", "assignee", "due_at", "remind_at", "priority", "task_status", "description", "files"];

/** What happened, with whom, and what is next. */
export function ActivityForm({ object, about, values, refs, findings, onChange, autoFocus }: Props) {
  const { t } = useTranslation("timeline");
  const label = useLabel();
  const at = (key: string) => findings?.byField[key]?.join(" ");
  const part = (key: string, extra?: object) => {
    const field = writable(object, key);
    return field && <FieldEdit field={field} value={values[key]} refs={refs} error={at(key)} required={false} onChange={(value) => onChange(key, value)} {...extra} />;
  };
  const contact = writable(object, "contact");
  const nextAt = writable(object, "next_step_at");
  const account = accountOf(about);
  const [asked, setMore] = useState(false);
  // What most calls do without is one press away; what is there, or wrong, is shown.
  const more = asked || ["name", "happened_at", "files"].some((key) => !isEmpty(values[key]) || findings?.byField[key]);
  return (
    <div className={classes.form}>
      {part("content", { autoFocus, required: false })}
      {more && part("name", { required: false, description: t("subjectHint") })}
      <div className={classes.pair}>
        {contact && about.object !== "contact" && (
          <RecordSelect
            object="contact"
            label={label(contact.label)}
            value={(values["contact"] as string | undefined) ?? null}
            name={values["contact"] ? refs?.[String(values["contact"])]?.name : undefined}
            filter={account ? { field: "account", op: "eq", value: account } : undefined}
            error={at("contact")}
            onChange={(chosen) => onChange("contact", chosen)}
          />
        )}
        {values["activity_type"] !== "note" && part("outcome")}
        {more && part("happened_at", { description: values["happened_at"] ? undefined : t("emptyIsNow") })}
      </div>
      <fieldset className={classes.next}>
        <legend>{t("next")}</legend>
        {part("next_step", { "aria-label": label(object.fields.find((field) => field.key === "next_step")?.label), label: null, description: null })}
        {nextAt && (
          <DayPicker label={label(nextAt.label)} value={values["next_step_at"] as string | null} onPick={(instant) => onChange("next_step_at", instant)}>
            {part("next_step_at", { "aria-label": label(nextAt.label), label: null })}
          </DayPicker>
        )}
      </fieldset>
      {more && part("files")}
      {othersAsked(object, ACTIVITY).map((field) => (
        <FieldEdit key={field.key} field={field} value={values[field.key]} refs={refs} error={at(field.key)} onChange={(value) => onChange(field.key, value)} />
      ))}
      {!more && (
        <Button variant="subtle" size="compact-sm" className={classes.more} onClick={() => setMore(true)}>
          {t("moreOfActivity")}
        </Button>
      )}
    </div>
  );
}

/** What has to be done, by whom and until when. */
export function TaskForm({ object, values, refs, findings, onChange, autoFocus }: Omit<Props, "about">) {
  const { t } = useTranslation("timeline");
  // What most tasks do without is one press away.
  const [asked, setMore] = useState(false);
  const more = asked || ["remind_at", "files"].some((key) => !isEmpty(values[key]) || findings?.byField[key]);
  const label = useLabel();
  const at = (key: string) => findings?.byField[key]?.join(" ");
  const part = (key: string, extra?: object) => {
    const field = writable(object, key);
    return field && <FieldEdit field={field} value={values[key]} refs={refs} error={at(key)} onChange={(value) => onChange(key, value)} {...extra} />;
  };
  const due = writable(object, "due_at");
  return (
    <div className={classes.form}>
      {part("name", { autoFocus })}
      <div className={classes.pair}>
        {part("assignee")}
        {part("priority")}
      </div>
      {due && (
        <Input.Wrapper label={label(due.label)} labelElement="div" error={at("due_at")}>
          <div className={classes.due}>
            <DayPicker label={label(due.label)} value={values["due_at"] as string | null} onPick={(instant) => onChange("due_at", instant)}>
              {part("due_at", { "aria-label": label(due.label), label: null, description: null, error: undefined })}
            </DayPicker>
          </div>
        </Input.Wrapper>
      )}
      {part("description")}
      {more && (
        <>
          <div className={classes.pair}>{part("remind_at")}</div>
          {part("files")}
        </>
      )}
      {othersAsked(object, TASK).map((field) => (
        <FieldEdit key={field.key} field={field} value={values[field.key]} refs={refs} error={at(field.key)} onChange={(value) => onChange(field.key, value)} />
      ))}
      {!more && (
        <Button variant="subtle" size="compact-sm" className={classes.more} onClick={() => setMore(true)}>
          {t("moreOfTask")}
        </Button>
      )}
    </div>
  );
}
