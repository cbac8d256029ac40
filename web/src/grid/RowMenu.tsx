import { Menu } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconCopy, IconForms, IconRowInsertBottom, IconRowInsertTop } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { GridActs } from "./acts";
import type { GridRow } from "./rows";

export type MenuAt = { key: string; index: number; box: DOMRect };

type Props = { at: MenuAt | undefined; rows: GridRow[]; acts: GridActs; ordered?: boolean; onInserted: (at: number) => void; onClose: () => void };

/** What may be done with a row. One menu for all of them. */
export function RowMenu({ at, rows, acts, ordered, onInserted, onClose }: Props) {
  const { t } = useTranslation("grid");
  const index = at ? rows.findIndex((row) => row.key === at.key) : -1;
  const insert = (place: number) => {
    onInserted(place);
    acts.insert(place);
  };
  return (
    <Menu opened={at !== undefined} onChange={(opened) => !opened && onClose()} position="bottom-end" width={240} returnFocus>
      <Menu.Target>
        <span aria-hidden="true" style={{ position: "fixed", left: at?.box.right ?? 0, top: at?.box.bottom ?? 0, width: 0, height: 0 }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconForms size={16} />} onClick={() => at && acts.open(at.key)}>
          {t("open")}
        </Menu.Item>
        <Menu.Item leftSection={<IconRowInsertTop size={16} />} onClick={() => insert(index)}>
          {t("insertAbove")}
        </Menu.Item>
        <Menu.Item leftSection={<IconRowInsertBottom size={16} />} rightSection={<kbd>Alt ↵</kbd>} onClick={() => insert(index + 1)}>
          {t("insertBelow")}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => at && acts.repeat(at.key)}>
          {t("repeat")}
        </Menu.Item>
        {ordered && (
          <>
            <Menu.Item leftSection={<IconArrowUp size={16} />} rightSection={<kbd>Alt ↑</kbd>} disabled={index <= 0} onClick={() => at && acts.move(at.key, index - 1)}>
              {t("moveUp")}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowDown size={16} />} rightSection={<kbd>Alt ↓</kbd>} disabled={index < 0 || index >= rows.length - 1} onClick={() => at && acts.move(at.key, index + 1)}>
              {t("moveDown")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
