import { ActionIcon } from "@mantine/core";
import { IconCheck, IconPencil, IconX } from "@tabler/icons-react";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError, isConflict } from "~/api/problem";
import { useUpdateRecord } from "~/api/queries";
import type { Field, ObjectDef, Rec, Value } from "~/api/types";
import { sameValue } from "~/fields/draft";
import { FieldEdit } from "~/fields/FieldEdit";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import type { Editing } from "./Detail";
import classes from "./InlineField.module.css";

type Props = { object: ObjectDef; record: Rec; field: Field; onConflict: (editing: Editing) => void };

/** A value that turns into its input: Enter keeps the change, Escape gives it up. */
export function InlineField({ object, record, field, onConflict }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const [value, setValue] = useState<Value>();
  const [open, setOpen] = useState(false);
  // As it was when editing began: live news must not slip a newer version under what is being typed.
  const [base, setBase] = useState(record);
  const save = useUpdateRecord(object.key, record.id);

  const begin = () => {
    save.reset();
    setBase(record);
    setValue(record.fields[field.key]);
    setOpen(true);
  };
  const keep = () => {
    if (sameValue(value, base.fields[field.key])) return setOpen(false);
    save.mutate(
      { version: base.version, fields: { [field.key]: value ?? null } },
      {
        onSuccess: () => setOpen(false),
        onError: (error) => {
          if (!isConflict(error) || !error.record) return;
          setOpen(false);
          onConflict({ base, draft: { [field.key]: value }, present: error.record });
        },
      },
    );
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === "Enter" && (field.type !== "long_text" || event.ctrlKey || event.metaKey)) {
      // In a list that is open, Enter chooses.
      if ((event.target as HTMLElement).getAttribute("aria-expanded") === "true") return;
      event.preventDefault();
      keep();
    }
  };

  if (!open) {
    return (
      <div className={classes.value} data-long={field.type === "long_text" || undefined}>
        <span className={classes.text} onDoubleClick={begin}>
          <FieldShow field={field} value={record.fields[field.key]} refs={record.refs} />
        </span>
        <ActionIcon size="sm" className={classes.pencil} aria-label={t("editField", { field: label(field.label) })} onClick={begin}>
          <IconPencil size={15} stroke={1.7} />
        </ActionIcon>
      </div>
    );
  }
  const findings = isConflict(save.error) ? undefined : findingsOfError(save.error, [field.key]);
  const error = findings && [...(findings.byField[field.key] ?? []), ...findings.general].join(" ");
  return (
    <div className={classes.edit} onKeyDown={onKey}>
      <div className={classes.input}>
        <FieldEdit field={field} value={value} refs={record.refs} onChange={setValue} aria-label={label(field.label)} description={null} error={error || undefined} autoFocus />
      </div>
      <ActionIcon variant="filled" color="brand" size={34} aria-label={t("save")} loading={save.isPending} onClick={keep}>
        <IconCheck size={17} />
      </ActionIcon>
      <ActionIcon variant="default" size={34} aria-label={t("cancel", { ns: "ui" })} onClick={() => setOpen(false)}>
        <IconX size={17} />
      </ActionIcon>
    </div>
  );
}
