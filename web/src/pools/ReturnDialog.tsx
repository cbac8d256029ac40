import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePoolDeed } from "~/api/pools";
import { findingsOfError } from "~/api/problem";
import type { ObjectDef, Rec } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { PoolSelect, usePoolOptions } from "./PoolSelect";

/** Gives a record back to a pool, and says why. */
export function ReturnDialog({ object, record, name, onClose }: { object: ObjectDef; record: Rec; name: string; onClose: () => void }) {
  const { t } = useTranslation("pools");
  const from = typeof record.fields["pool"] === "string" ? (record.fields["pool"] as string) : null;
  const [pool, setPool] = useState<string | null>(from);
  const [reason, setReason] = useState("");
  const deed = usePoolDeed(object.key);
  const several = usePoolOptions(object.key).filter((it) => it.active).length > 1;
  const findings = findingsOfError(deed.error, ["reason", "pool"]);
  return (
    <Modal opened onClose={onClose} title={t("returnTitle", { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          deed.mutate(
            { record, act: "return", body: { reason: reason.trim(), ...(pool ? { pool } : {}) } },
            {
              onSuccess: () => {
                notifications.show({ message: t("returned", { name }), color: "brand" });
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="sm">
          <GeneralFindings findings={findings} />
          <Text size="sm">{t("returnText")}</Text>
          {(several || findings.byField.pool) && <PoolSelect object={object.key} label={t("pool")} placeholder={t("byItself")} clearable={!from} value={pool} error={findings.byField.pool?.join(" ")} onChange={setPool} />}
          <Textarea label={t("reason")} description={t("reasonHint")} withAsterisk value={reason} error={findings.byField.reason?.join(" ")} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} data-autofocus />
          <Group justify="flex-end" gap="sm" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={deed.isPending}>
              {t("return")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
