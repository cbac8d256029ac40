import { Button, Group } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError, isConflict } from "~/api/problem";
import { useObject, useRecord, useUpdateRecord } from "~/api/queries";
import type { ObjectDef, Rec, Value } from "~/api/types";
import { changesOf } from "~/fields/draft";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";

type Props = { object: string; id: string; fields: string[]; onSaved: () => void; onCancel: () => void };

/** Exactly these fields of a record, to be filled where one was stopped. */
export function FieldsInPlace({ object: key, id, fields, onSaved, onCancel }: Props) {
  const object = useObject(key);
  const record = useRecord(key, id);
  if (record.isError) return <ErrorState compact error={record.error} onRetry={() => void record.refetch()} />;
  if (!object || !record.data) return <RowSkeletons rows={1} />;
  return <Form object={object} record={record.data} fields={fields} onSaved={onSaved} onCancel={onCancel} />;
}

function Form({ object, record, fields, onSaved, onCancel }: { object: ObjectDef; record: Rec; fields: string[]; onSaved: () => void; onCancel: () => void }) {
  const { t } = useTranslation("processes");
  const [draft, setDraft] = useState<Record<string, Value>>({});
  const save = useUpdateRecord(object.key, record.id);
  const shown = object.fields.filter((field) => fields.includes(field.key));
  const changes = changesOf(draft, record);
  const keep = () => {
    if (Object.keys(changes).length > 0 && !save.isPending) save.mutate({ version: record.version, fields: changes }, { onSuccess: onSaved });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !(event.target as HTMLElement).matches("[aria-expanded=true]")) {
      event.stopPropagation();
      onCancel();
    }
  };
  const findings = isConflict(save.error) ? { byField: {}, general: [t("conflict", { name: String(record.fields[object.name_field] ?? "") })] } : findingsOfError(save.error, fields);
  return (
    <form
      noValidate
      onKeyDown={onKey}
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        keep();
      }}
    >
      <GeneralFindings findings={findings} />
      <FieldForm
        fields={shown}
        values={{ ...record.fields, ...draft }}
        refs={record.refs}
        findings={{ ...findings, general: [] }}
        autoFocus
        onChange={(field, value) => {
          save.reset();
          setDraft((now) => ({ ...now, [field]: value ?? null }));
        }}
      />
      <Group gap="xs" mt="xs">
        <Button type="submit" size="compact-md" loading={save.isPending} disabled={Object.keys(changes).length === 0}>
          {t("save")}
        </Button>
        <Button size="compact-md" variant="default" onClick={onCancel}>
          {t("cancel")}
        </Button>
      </Group>
    </form>
  );
}
