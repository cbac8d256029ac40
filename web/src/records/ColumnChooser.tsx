import { ActionIcon, Button, Checkbox, Popover, ScrollArea, Stack, Tooltip } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Field, ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";

type Props = { object: ObjectDef; columns: Field[]; onChoose: (keys: string[]) => void; onReset: () => void };

/** Which fields stand beside the name. A newly chosen one comes last. */
export function ColumnChooser({ object, columns, onChoose, onReset }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const chosen = columns.map((column) => column.key);
  const fields = object.fields.filter((field) => field.key !== object.name_field);
  return (
    <Popover position="bottom-end" shadow="md" width={270} trapFocus>
      <Popover.Target>
        <Tooltip label={t("columns")}>
          <ActionIcon variant="default" size={36} aria-label={t("columns")} visibleFrom="sm">
            <IconColumns3 size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="sm">
        <ScrollArea.Autosize mah={380} offsetScrollbars>
          <Stack gap={8}>
            {fields.map((field) => (
              <Checkbox
                key={field.key}
                size="sm"
                label={label(field.label)}
                checked={chosen.includes(field.key)}
                onChange={(event) => onChoose(event.currentTarget.checked ? [...chosen, field.key] : chosen.filter((key) => key !== field.key))}
              />
            ))}
          </Stack>
        </ScrollArea.Autosize>
        <Button variant="subtle" size="compact-sm" mt="sm" onClick={onReset}>
          {t("columnsReset")}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
