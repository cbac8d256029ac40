import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

/** What may be done to an entry; absent where nothing may. */
export function EntryActs({ name, onEdit, onDelete }: { name: string; onEdit?: () => void; onDelete?: () => void }) {
  const { t } = useTranslation("timeline");
  if (!onEdit && !onDelete) return null;
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <ActionIcon size="sm" aria-label={t("actsOn", { name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onEdit && (
          <Menu.Item leftSection={<IconPencil size={16} stroke={1.6} />} onClick={onEdit}>
            {t("edit", { ns: "ui" })}
          </Menu.Item>
        )}
        {onDelete && (
          <Menu.Item color="var(--danger)" leftSection={<IconTrash size={16} stroke={1.6} />} onClick={onDelete}>
            {t("delete", { ns: "ui" })}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
