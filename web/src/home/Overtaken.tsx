import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The page has been saved elsewhere since one began: whose arrangement is to stay. */
export function Overtaken({ onTheirs, onMine, onClose }: { onTheirs: () => void; onMine: () => void; onClose: () => void }) {
  const { t } = useTranslation("home");
  return (
    <Modal opened onClose={onClose} title={t("overtaken")}>
      <Stack gap="md">
        <Text size="md">{t("overtakenText")}</Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onTheirs}>
            {t("takeTheirs")}
          </Button>
          <Button onClick={onMine}>{t("keepMine")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
