import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { useAfterWrite, useObject } from "~/api/queries";
import type { Condition, ObjectDef, Rec, Saved, Value } from "~/api/types";
import { editableFields, mustBeFilled } from "~/fields/draft";
import { isEmpty } from "~/fields/contract";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import { RecordDialog } from "~/records/RecordDialog";
import { ROLE } from "./api";
import type { Person } from "./map";

/** Beside whom it is and whom he reports to: the map's own questions, and whatever the organisation wants to know. */
const ASKED = ["role", "attitude", "influence", "note"];

type Props = { object: ObjectDef; deal: Rec; people: Person[]; onClose: () => void };

/** Puts a contact into the map of a deal. */
export function AddPerson({ object, deal, people, onClose }: Props) {
  const { t } = useTranslation("deals");
  const label = useLabel();
  const after = useAfterWrite();
  const contacts = useObject("contact");
  const [contact, setContact] = useState<{ id: string; name?: string } | null>(null);
  const [draft, setDraft] = useState<Record<string, Value>>({});
  const [making, setMaking] = useState(false);
  const [key] = useState(() => crypto.getRandomValues(new Uint32Array(4)).join("-"));
  const account = typeof deal.fields.account === "string" ? deal.fields.account : undefined;
  // Whoever is in the map already is not offered again.
  const ofAccount: Condition | undefined = account
    ? { all: [{ field: "account", op: "eq", value: account }, { not: { exists: { object: ROLE, where: { field: "opportunity", op: "eq", value: deal.id } } } }] }
    : undefined;
  const writable = editableFields(object.fields, "create", object.key);
  const fields = writable.filter((field) => ASKED.includes(field.key) || (mustBeFilled(field) && field.key !== "contact" && field.key !== "opportunity"));
  const above = object.fields.find((field) => field.key === "reports_to" && field.access === "write");
  const save = useMutation({
    mutationFn: () => {
      const given = Object.fromEntries(Object.entries({ ...draft, contact: contact?.id ?? null }).filter(([, value]) => !isEmpty(value)));
      const body = { fields: { ...given, opportunity: deal.id } };
      return post<Saved>(`/records/${ROLE}`, body, { idempotencyKey: `${key}-${JSON.stringify(body)}`.slice(0, 200) });
    },
    onSuccess: ({ record }) => {
      after(record);
      if (contact?.name) told(t("added", { name: contact.name }));
      onClose();
    },
  });
  const findings = findingsOfError(save.error, ["contact", "reports_to", ...fields.map((field) => field.key)]);
  const choices = people.filter((person) => person.name).map((person) => ({ value: person.id, label: [person.name, person.title].filter(Boolean).join(" · ") }));

  return (
    <>
      <Modal opened={!making} onClose={onClose} title={t("addTitle")} size={560} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack gap="sm">
            <GeneralFindings findings={findings} />
            <Group align="flex-end" gap="xs" wrap="nowrap">
              <RecordSelect
                object="contact"
                label={t("contact")}
                description={ofAccount && t("contactHint")}
                withAsterisk
                aria-required
                data-autofocus
                value={contact?.id ?? null}
                name={contact?.name}
                filter={ofAccount}
                error={findings.byField.contact?.join(" ")}
                onChange={(id, name) => setContact(id ? { id, name } : null)}
                style={{ flex: 1 }}
              />
              {contacts?.acts.includes("create") && (
                <Button variant="default" leftSection={<IconUserPlus size={16} />} onClick={() => setMaking(true)}>
                  {t("newContact")}
                </Button>
              )}
            </Group>
            <FieldForm fields={fields} values={draft} findings={{ byField: findings.byField, general: [] }} onChange={(field, value) => setDraft((now) => ({ ...now, [field]: value }))} />
            {above && choices.length > 0 && (
              <Select
                label={label(above.label)}
                data={choices}
                clearable
                searchable={choices.length > 8}
                value={(draft.reports_to as string) ?? null}
                error={findings.byField.reports_to?.join(" ")}
                onChange={(value) => setDraft((now) => ({ ...now, reports_to: value }))}
              />
            )}
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={onClose}>
                {t("cancel", { ns: "ui" })}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {t("addIt")}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      {making && contacts && (
        <RecordDialog
          object={contacts}
          given={account ? { account } : undefined}
          refs={deal.refs}
          onSaved={(record) => setContact({ id: record.id, name: typeof record.fields.name === "string" ? record.fields.name : undefined })}
          onClose={() => setMaking(false)}
        />
      )}
    </>
  );
}
