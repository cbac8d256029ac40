import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { useRecordAct } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { RoomHint } from "~/holding/RoomHint";

/** Gives a record that nobody has to somebody. */
export function AssignDialog({ object, record, name, onClose }: { object: ObjectDef; record: Rec; name: string; onClose: () => void }) {
  const { t } = useTranslation("leads");
  const [owner, setOwner] = useState<string | null>(null);
  const [ownerName, setOwnerName] = useState<string>();
  const [reason, setReason] = useState("");
  const assign = useRecordAct(object.key, record.id, "assign");
  const findings = findingsOfError(assign.error, ["owner"]);
  const submit = () => {
    if (!owner) return;
    assign.mutate(
      { version: record.version, body: { owner, reason: reason.trim() || undefined } },
      {
        onSuccess: () => {
          notifications.show({ message: t("assigned", { name }), color: "brand" });
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={t("assignTitle", { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="sm">
          <GeneralFindings findings={findings} />
          <RecordSelect label={t("assignTo")} object="employee" value={owner} onChange={(id, named) => (setOwner(id), setOwnerName(named), assign.reset())} error={findings.byField.owner?.join(" ")} data-autofocus />
          {owner && <RoomHint object={object.key} person={owner} name={ownerName} records={[record.id]} />}
          <Textarea label={t("assignReason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} />
          <Group justify="flex-end" gap="sm" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" disabled={!owner} loading={assign.isPending}>
              {t("assign")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
