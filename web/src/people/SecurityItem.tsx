import { Menu } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** The row's way to how a person signs in, for administrators. */
export function SecurityItem({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation("security");
  return (
    <Menu.Item leftSection={<IconShieldLock size={15} />} onClick={onOpen}>
      {t("security")}
    </Menu.Item>
  );
}
