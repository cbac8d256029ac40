import { Menu, Text } from "@mantine/core";
import { IconArrowsSplit2, IconChecklist, IconCircleX, IconGitBranch, IconPlus, IconUserCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./flows.module.css";
import type { Kind } from "./graph";

export const KIND_ICONS = { approve: IconUserCheck, branch: IconGitBranch, fork: IconArrowsSplit2, task: IconChecklist, rejected: IconCircleX };

/** The plus on a line: what can be put there. */
export function AddHere({ label, endable, onAdd }: { label: string; endable: boolean; onAdd: (kind: Kind) => void }) {
  const { t } = useTranslation("flows");
  const kinds: Kind[] = ["approve", "branch", "fork", "task", ...(endable ? (["rejected"] as const) : [])];
  return (
    <Menu position="bottom" width={270}>
      <Menu.Target>
        <button type="button" className={classes.plus} aria-label={label} title={label}>
          <IconPlus size={14} stroke={2.2} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("add")}</Menu.Label>
        {kinds.map((kind) => {
          const Icon = KIND_ICONS[kind];
          return (
            <Menu.Item key={kind} leftSection={<Icon size={17} stroke={1.6} />} onClick={() => onAdd(kind)}>
              {t(`kind.${kind}`)}
              <Text size="xs" c="dimmed">
                {t(`kindHint.${kind}`)}
              </Text>
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
