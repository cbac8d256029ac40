import { Alert, Button, Group, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Violation } from "~/api/types";
import { NoRoom } from "~/holding/NoRoom";
import { isNoRoom } from "~/holding/refusal";

/** Why something cannot be claimed, with what can be done about it. */
export function WhyNotDialog({ object, record, name, violations, onClose }: { object: string; record: string; name: string; violations: Violation[]; onClose: () => void }) {
  const { t } = useTranslation("pools");
  const others = violations.filter((it) => !isNoRoom(it));
  return (
    <Modal opened onClose={onClose} size={560} title={t("whyTitle", { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <NoRoom violations={violations} object={object} record={record} />
      {others.length > 0 && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {others.map((it, index) => (
            <div key={index}>{it.message || it.code}</div>
          ))}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t("close", { ns: "ui" })}
        </Button>
      </Group>
    </Modal>
  );
}
