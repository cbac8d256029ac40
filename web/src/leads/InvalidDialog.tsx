import { Button, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { useRecordAct } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";

/** Says why nothing will come of a lead. */
export function InvalidDialog({ object, record, name, onClose }: { object: ObjectDef; record: Rec; name: string; onClose: () => void }) {
  const { t } = useTranslation("leads");
  const label = useLabel();
  const [why, setWhy] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const mark = useRecordAct(object.key, record.id, "mark-invalid");
  const findings = findingsOfError(mark.error, ["invalid_reason"]);
  const reasons = object.fields.find((field) => field.key === "invalid_reason")?.options?.filter((option) => option.active) ?? [];
  return (
    <Modal opened onClose={onClose} title={t("markInvalidTitle", { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mark.mutate(
            { version: record.version, body: { invalid_reason: why ?? "", reason: note.trim() || undefined } },
            {
              onSuccess: () => {
                notifications.show({ message: t("markedInvalid", { name }), color: "brand" });
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="sm">
          <GeneralFindings findings={findings} />
          <Text size="sm" c="dimmed">
            {t("markInvalidText")}
          </Text>
          <Select label={t("why")} required data={reasons.map((option) => ({ value: option.key, label: label(option.label) }))} value={why} onChange={setWhy} error={findings.byField.invalid_reason?.join(" ")} data-autofocus />
          <Textarea label={t("note")} value={note} onChange={(event) => setNote(event.currentTarget.value)} autosize minRows={2} />
          <Group justify="flex-end" gap="sm" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" color="red" loading={mark.isPending}>
              {t("markInvalid")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
