import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconRubberStamp } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { onApproval } from "~/api/http";

/** Says wherever something was saved that it waits for an approval now, and leads there. */
export function ApprovalTeller() {
  const { t } = useTranslation("approvals");
  const navigate = useNavigate();
  useEffect(
    () =>
      onApproval((approval) => {
        const id = `approval-${approval}`;
        const open = () => {
          notifications.hide(id);
          void navigate({ to: "/approvals/$id", params: { id: approval } });
        };
        notifications.show({
          id,
          icon: <IconRubberStamp size={18} />,
          autoClose: 8_000,
          message: (
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <Stack gap={0}>
                <Text size="sm" fw={560}>
                  {t("sent")}
                </Text>
                <Text size="sm">{t("sentText")}</Text>
              </Stack>
              <Button size="compact-sm" variant="light" flex="none" onClick={open}>
                {t("toApproval")}
              </Button>
            </Group>
          ),
        });
      }),
    [navigate, t],
  );
  return null;
}
