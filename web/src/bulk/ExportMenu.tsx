import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { IconDownload, IconFileSpreadsheet, IconFileText } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { exportAddress, type ExportParams } from "./exportAddress";

type Props = { object: string; params: ExportParams; /** A word beside the icon, as in a row of buttons. */ named?: boolean };

/** Downloads what is shown as a file. */
export function ExportMenu({ object, params, named }: Props) {
  const { t } = useTranslation("bulk");
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        {named ? (
          <Button size="compact-md" variant="default" leftSection={<IconDownload size={15} stroke={1.7} />}>
            {t("export")}
          </Button>
        ) : (
          <Tooltip label={t("exportAll")}>
            <ActionIcon variant="default" size={36} aria-label={t("exportAll")} visibleFrom="sm">
              <IconDownload size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={exportAddress(object, "csv", params)} download leftSection={<IconFileText size={17} stroke={1.6} />}>
          {t("exportCsv")}
        </Menu.Item>
        <Menu.Item component="a" href={exportAddress(object, "xlsx", params)} download leftSection={<IconFileSpreadsheet size={17} stroke={1.6} />}>
          {t("exportXlsx")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
