import { Alert, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObject, useRecord } from "~/api/queries";
import type { ObjectDef, Rec, Value } from "~/api/types";
import { changesOf } from "~/fields/draft";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { findingsBelow, useCompletion, type BodyProps } from "./body";
import { useSubmitKey } from "./useSubmitKey";

/** Exactly the fields that a task asks for, of the deal or of a record it refers to. */
export function EditBody(props: BodyProps) {
  const { t } = useTranslation("stageTasks");
  const label = useLabel();
  const { act } = props.task;
  const dealObject = useObject("opportunity");
  const object = useObject(act?.kind === "edit_object" ? (act.object ?? "") : "");
  if (act?.kind !== "edit_object" || !object) return null;
  if (!act.of) return <Form {...props} object={object} record={props.deal} fields={act.fields} missing={act.missing} />;
  if (!act.record) {
    const field = dealObject?.fields.find((it) => it.key === act.of);
    return (
      <Alert variant="light" color="yellow" p="xs">
        {t("noRecord", { field: label(field?.label) })}
      </Alert>
    );
  }
  return <Related {...props} object={object} id={act.record.id} fields={act.fields} missing={act.missing} />;
}

type Fields = { object: ObjectDef; fields: string[]; missing: string[] };

function Related({ id, ...props }: BodyProps & Fields & { id: string }) {
  const { t } = useTranslation("stageTasks");
  const label = useLabel();
  const record = useRecord(props.object.key, id);
  if (record.isError) return <ErrorState compact error={record.error} onRetry={() => void record.refetch()} />;
  if (!record.data) return <RowSkeletons rows={2} />;
  return (
    <>
      <Text size="sm" mb={6}>
        <Link to="/o/$object/$id" params={{ object: props.object.key, id }}>
          {t("ofRecord", { object: label(props.object.label), name: String(record.data.fields[props.object.name_field] ?? "") })}
        </Link>
      </Text>
      <Form {...props} record={record.data} />
    </>
  );
}

function Form({ task, object, record, fields, missing, refs, onDone, onCancel }: BodyProps & Fields & { record: Rec }) {
  const { t } = useTranslation("stageTasks");
  const [draft, setDraft] = useState<Record<string, Value>>({});
  const completion = useCompletion(task, onDone);
  const shown = fields.map((key) => object.fields.find((field) => field.key === key)).filter((field) => field !== undefined);
  const changes = changesOf(draft, record);
  const send = (keepOpen: boolean) => completion.send({ fields: Object.keys(changes).length > 0 ? changes : undefined, keep_open: keepOpen || undefined });
  const onKeyDown = useSubmitKey(() => send(false));
  const findings = findingsBelow(completion.error, ["fields"], fields);
  return (
    <form
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        send(false);
      }}
    >
      <GeneralFindings findings={findings} />
      <FieldForm
        fields={shown}
        values={{ ...record.fields, ...draft }}
        refs={{ ...refs, ...record.refs }}
        required={missing.length > 0 ? fields : undefined}
        findings={{ ...findings, general: [] }}
        autoFocus
        onChange={(key, value) => {
          completion.reset();
          setDraft((now) => ({ ...now, [key]: value ?? null }));
        }}
      />
      <Group gap="xs" mt="sm">
        <Button type="submit" loading={completion.isPending}>
          {t("saveComplete")}
        </Button>
        {Object.keys(changes).length > 0 && (
          <Button variant="default" disabled={completion.isPending} onClick={() => send(true)}>
            {t("saveOnly")}
          </Button>
        )}
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
        )}
      </Group>
    </form>
  );
}
