import { Button, Group, Modal, Select, Stack, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { useRecordAct } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { RoomHint } from "~/holding/RoomHint";

/** Gives a record to somebody else, and says what becomes of the one who had it. */
export function ChangeOwner({ object, record, name, onClose }: { object: ObjectDef; record: Rec; name: string; onClose: () => void }) {
  const { t } = useTranslation("records");
  const [owner, setOwner] = useState<string | null>(null);
  const [ownerName, setOwnerName] = useState<string>();
  const [keepAs, setKeepAs] = useState<string>("none");
  const [reason, setReason] = useState("");
  const change = useRecordAct(object.key, record.id, "change-owner");
  const findings = findingsOfError(change.error, ["owner", "keep_as"]);
  return (
    <Modal opened onClose={onClose} title={t("changeOwner")} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!owner) return;
          change.mutate(
            { version: record.version, body: { owner, keep_as: keepAs === "none" ? undefined : keepAs, reason: reason.trim() || undefined } },
            {
              onSuccess: () => {
                notifications.show({ message: t("actsDone_owner", { name }), color: "brand" });
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="sm">
          <GeneralFindings findings={findings} />
          <RecordSelect label={t("newOwner")} object="employee" value={owner} onChange={(id, named) => (setOwner(id), setOwnerName(named), change.reset())} error={findings.byField.owner?.join(" ")} data-autofocus />
          {owner && <RoomHint object={object.key} person={owner} name={ownerName} records={[record.id]} />}
          <Select
            label={t("keepAs")}
            value={keepAs}
            allowDeselect={false}
            onChange={(value) => setKeepAs(value ?? "none")}
            error={findings.byField.keep_as?.join(" ")}
            data={[
              { value: "none", label: t("keepNone") },
              { value: "read", label: t("keepRead") },
              { value: "read_write", label: t("keepWrite") },
            ]}
          />
          <Textarea label={t("reason", { ns: "ui" })} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} />
          <Group justify="flex-end" gap="sm" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" disabled={!owner} loading={change.isPending}>
              {t("handOver")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
