import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "~/api/http";
import { findingsOfError, isConflict } from "~/api/problem";
import { useAfterWrite } from "~/api/queries";
import { useAfterTask } from "~/api/tasks";
import type { ObjectDef, Rec, Refs, Saved, Value } from "~/api/types";
import { changesOf } from "~/fields/draft";
import { GeneralFindings } from "~/fields/FieldForm";
import { ActivityForm, TaskForm } from "./ActivityForm";
import forms from "./forms.module.css";

type Props = { object: ObjectDef; record: Rec; about?: Rec; refs: Refs; onClose: () => void };

/** An activity or a task edited where it stands. */
export function InPlace({ object, record, about, refs, onClose }: Props) {
  const { t } = useTranslation("timeline");
  const afterWrite = useAfterWrite();
  const afterTask = useAfterTask();
  const [base, setBase] = useState(record);
  const [draft, setDraft] = useState<Record<string, Value>>({});
  const save = useMutation({
    mutationFn: () => patch<Saved>(`/records/${object.key}/${base.id}`, { fields: changesOf(draft, base) }, { ifMatch: base.version }),
    onSuccess: ({ record: saved }) => {
      afterWrite(saved);
      afterTask();
      onClose();
    },
    // Somebody else was faster: what he did is the ground now, what one has typed stays and is saved by the next press.
    onError: (error) => isConflict(error) && error.record && setBase(error.record),
  });
  const conflict = isConflict(save.error);
  const findings = conflict ? { byField: {}, general: [t("meanwhile")] } : findingsOfError(save.error, object.fields.map((field) => field.key));
  const values = { ...base.fields, ...draft };
  const change = (key: string, value: Value) => setDraft((now) => ({ ...now, [key]: value }));
  const submit = () => {
    if (Object.keys(changesOf(draft, base)).length === 0) onClose();
    else if (!save.isPending) save.mutate();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape" && (event.target as HTMLElement).getAttribute("aria-expanded") !== "true") onClose();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      onKeyDown={onKey}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <GeneralFindings findings={findings} />
      {object.key === "task" ? (
        <TaskForm object={object} values={values} refs={refs} findings={findings} onChange={change} autoFocus />
      ) : (
        <ActivityForm object={object} about={about ?? record} values={values} refs={refs} findings={findings} onChange={change} autoFocus />
      )}
      <div className={forms.foot}>
        <Button variant="default" onClick={onClose}>
          {t("cancel", { ns: "ui" })}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t("save", { ns: "ui" })}
        </Button>
      </div>
    </form>
  );
}
