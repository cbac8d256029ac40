import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePoolDeed } from "~/api/pools";
import { findingsOfError } from "~/api/problem";
import type { ObjectDef, Rec } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { PoolSelect, usePoolOptions } from "./PoolSelect";

/** Puts a record into another pool. */
export function MovePoolDialog({ object, record, name, onClose }: { object: ObjectDef; record: Rec; name: string; onClose: () => void }) {
  const { t } = useTranslation("pools");
  const [pool, setPool] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const deed = usePoolDeed(object.key);
  const here = typeof record.fields["pool"] === "string" ? (record.fields["pool"] as string) : null;
  const others = usePoolOptions(object.key).some((it) => it.active && it.key !== here);
  const findings = findingsOfError(deed.error, ["reason", "pool"]);
  return (
    <Modal opened onClose={onClose} title={t("moveTitle", { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!pool) return;
          deed.mutate(
            { record, act: "move-pool", body: { pool, reason: reason.trim() || undefined } },
            {
              onSuccess: () => {
                notifications.show({ message: t("moved", { name }), color: "brand" });
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="sm">
          <GeneralFindings findings={findings} />
          {others ? <PoolSelect object={object.key} except={here} label={t("pool")} withAsterisk value={pool} error={findings.byField.pool?.join(" ")} onChange={setPool} data-autofocus /> : <Text size="sm">{t("noOther")}</Text>}
          <Textarea label={t("reason")} value={reason} error={findings.byField.reason?.join(" ")} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} />
          <Group justify="flex-end" gap="sm" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" disabled={!pool} loading={deed.isPending}>
              {t("moveConfirm")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
