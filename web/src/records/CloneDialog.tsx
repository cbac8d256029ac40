import { Button, Checkbox, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { leaveOf } from "~/api/duplicates";
import { post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { useAfterWrite, useObjects } from "~/api/queries";
import type { ObjectDef, Rec, Value } from "~/api/types";
import { AlikePanel } from "~/duplicates/AlikePanel";
import { editableFields, mustBeFilled, sameValue } from "~/fields/draft";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { useLabel, useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { factsOf } from "./layouts";
import { nameOf } from "./RecordDialog";
import { partsOf } from "./relations";

type Cloned = { record: Rec; taken: Record<string, number>; not_copied: string[] };
type Props = { object: ObjectDef; record: Rec; onClose: () => void };

/** A new record like this one: what it will hold is asked of the server, and the essentials can be changed before it is made. */
export function CloneDialog({ object, record, onClose }: Props) {
  const { t } = useTranslation("records");
  const title = t("cloneTitle", { name: nameOf(object, record) });
  const parts = partsOf(object, useObjects());
  const nameField = object.name_field ?? "name";
  const address = `/records/${object.key}/${record.id}/clone`;
  // What would come along, all of it: nothing is made by asking.
  const trial = useQuery({
    queryKey: ["records", object.key, "one", record.id, "clone"],
    queryFn: async () => {
      const name = record.fields[nameField];
      const named = typeof name === "string" && editableFields(object.fields, "create", object.key).some((field) => field.key === nameField);
      const body = { fields: named ? { [nameField]: t("cloneName", { name }) } : {}, with: parts.map((part) => part.key), dry_run: true };
      try {
        return await post<Cloned>(address, body);
      } catch (refusal) {
        // A copy is like its sample. What it is alike to is asked about when it is made.
        const leave = leaveOf(refusal);
        if (!leave) throw refusal;
        return post<Cloned>(address, { ...body, accept_duplicates: leave });
      }
    },
    retry: false,
    staleTime: 0,
  });
  if (trial.isPending) {
    return (
      <Modal opened onClose={onClose} title={title} size={680}>
        <Loader size={22} role="status" aria-label={title} />
      </Modal>
    );
  }
  return <CloneForm object={object} record={record} trial={trial.data} refusal={trial.error} parts={parts} address={address} title={title} onClose={onClose} />;
}

type FormProps = Props & { trial: Cloned | undefined; refusal: unknown; parts: ObjectDef[]; address: string; title: string };

function CloneForm({ object, record, trial, refusal, parts, address, title, onClose }: FormProps) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const language = useLanguage();
  const after = useAfterWrite();
  const navigate = useNavigate();
  const base = trial?.record ?? record;
  const nameField = object.name_field ?? "name";
  const editable = editableFields(object.fields, "create", object.key);
  const facts = factsOf(object).map((field) => field.key);
  // The name and what must be filled, what stands at the head of the record, and what could not come along.
  const shown = editable.filter((field) => field.key === nameField || mustBeFilled(field) || facts.includes(field.key) || (field.unique && record.fields[field.key] != null));
  const named = shown.some((field) => field.key === nameField) && typeof base.fields[nameField] === "string";
  const [draft, setDraft] = useState<Record<string, Value>>(named ? { [nameField]: t("cloneName", { name: record.fields[nameField] ?? base.fields[nameField] }) } : {});
  const offered = parts.filter((part) => (trial?.taken[part.key] ?? 0) > 0);
  const [taken, setTaken] = useState<string[]>(offered.map((part) => part.key));
  const [team, setTeam] = useState(false);
  const sent = useRef<{ body: string; key: string }>(undefined);
  const values = { ...base.fields, ...draft };
  // What is asked for here is seen here.
  const left = (trial?.not_copied ?? []).filter((key) => !shown.some((field) => field.key === key));

  const clone = useMutation({
    mutationFn: () => {
      const fields = Object.fromEntries(Object.entries(draft).filter(([key, value]) => key === nameField || !trial || !sameValue(value, base.fields[key])).map(([key, value]) => [key, value ?? null]));
      const body = { fields, with: taken, team };
      const text = JSON.stringify(body);
      if (sent.current?.body !== text) sent.current = { body: text, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
      return post<Cloned>(address, body, { idempotencyKey: sent.current.key });
    },
    onSuccess: ({ record: made }) => {
      after(made);
      notifications.show({ message: t("created", { name: nameOf(object, made) }), color: "brand" });
      onClose();
      void navigate({ to: "/o/$object/$id", params: { object: object.key, id: made.id } });
    },
  });
  const findings = findingsOfError(clone.error ?? (trial ? undefined : refusal), shown.map((field) => field.key));

  return (
    <Modal opened onClose={onClose} title={title} size={680} closeOnClickOutside={false} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          clone.mutate();
        }}
      >
        <Stack gap="md">
          <GeneralFindings findings={findings} />
          <FieldForm fields={shown} values={values} refs={base.refs} findings={{ ...findings, general: [] }} onChange={(key, value) => setDraft((now) => ({ ...now, [key]: value }))} autoFocus />
          <AlikePanel object={object.key} fields={values} />
          {(offered.length > 0 || object.owned) && (
            <Checkbox.Group label={t("cloneWith")} value={taken} onChange={setTaken}>
              <Stack gap={6} mt={6}>
                {offered.map((part) => (
                  <Checkbox key={part.key} value={part.key} label={`${label(part.plural)} (${formatDecimal(trial?.taken[part.key] ?? 0, language)})`} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          {object.owned && object.acts.includes("team") && <Checkbox mt={-8} label={t("tabTeam")} checked={team} onChange={(event) => setTeam(event.currentTarget.checked)} />}
          {left.length > 0 && (
            <Text size="sm" c="dimmed">
              {t("cloneLeft", { fields: left.map((key) => label(object.fields.find((field) => field.key === key)?.label) || key).join(", ") })}
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={clone.isPending}>
              {t("clone")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
