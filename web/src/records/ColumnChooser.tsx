import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Field, ObjectDef } from "~/api/types";
import { RowSkeletons } from "~/ui/Skeletons";

const ColumnList = lazy(() => import("./ColumnList").then((room) => ({ default: room.ColumnList })));

type Props = { object: ObjectDef; columns: Field[]; onChoose: (keys: string[]) => void; onReset: () => void };

/** Which fields stand beside the name, and in which order. */
export function ColumnChooser(props: Props) {
  const { t } = useTranslation("records");
  return (
    <Popover position="bottom-end" shadow="md" width={310} trapFocus>
      <Popover.Target>
        <Tooltip label={t("columns")}>
          <ActionIcon variant="default" size={36} aria-label={t("columns")} visibleFrom="sm">
            <IconColumns3 size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="sm">
        <Suspense fallback={<RowSkeletons rows={6} />}>
          <ColumnList {...props} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
