import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** Asks before a screen is left on which something has been changed and not saved. `changed` is read at the moment of leaving. */
export function UnsavedGuard({ changed }: { changed: () => boolean }) {
  const { t } = useTranslation("ui");
  const blocker = useBlocker({ shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && changed(), enableBeforeUnload: changed, withResolver: true });
  const stay = () => blocker.reset?.();
  return (
    <Modal opened={blocker.status === "blocked"} onClose={stay} title={t("leaveTitle")}>
      <Stack gap="md">
        <Text size="md">{t("leaveText")}</Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" color="gray" onClick={() => blocker.proceed?.()}>
            {t("leave")}
          </Button>
          <Button data-autofocus onClick={stay}>
            {t("stay")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
