import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import { useAfterRoles, useDeleteRole, type Role } from "~/api/roles";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import { UseList, usesOf } from "~/objects/UseList";

/** Asks before a role is deleted, and tells what stands against it. */
export function DeleteRole({ role, onClose, onDeleted }: { role: Role; onClose: () => void; onDeleted?: () => Promise<void> }) {
  const { t } = useTranslation("roles");
  const label = useLabel();
  const remove = useDeleteRole();
  const uses = usesOf(remove.error);
  const after = useAfterRoles();
  const name = label(role.name);
  const submit = async () => {
    try {
      await remove.mutateAsync(role);
    } catch {
      return;
    }
    told(t("deleted", { name }));
    onClose();
    await onDeleted?.();
    void after();
  };
  return (
    <Modal opened onClose={onClose} title={t("deleteTitle", { name })}>
      <Stack gap="md">
        <Text size="md">{t("deleteText")}</Text>
        {remove.isError && (
          <Alert color="red" variant="light" role="alert" title={uses ? t("inUse") : t("refused")}>
            {uses ? <UseList uses={uses} /> : messageOf(remove.error)}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            color="red.8"
            loading={remove.isPending}
            onClick={() => void submit()}
          >
            {t("delete")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
