import { Button, Group, Menu } from "@mantine/core";
import { IconArrowRight, IconArrowsExchange, IconBan, IconDotsVertical, IconFlag, IconRotate2, IconTrophy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Path, PathStage } from "~/api/types";
import { useLabel } from "~/i18n";
import classes from "../path.module.css";
import { lastLeft } from "./stageTime";

type Props = {
  path: Path;
  /** Another stage than the current one is looked at: then the move is there. */
  looked?: PathStage;
  next?: PathStage;
  closed: boolean;
  may: { move: boolean; reopen: boolean; changeProcess: boolean };
  onMove: (stage?: string) => void;
  onChangeProcess: () => void;
};

/** The moves from here: one is the next, the others stand beside it. */
export function PathMoves({ path, looked, next, closed, may, onMove, onChangeProcess }: Props) {
  const { t } = useTranslation("path");
  const { t: words } = useTranslation("processes");
  const label = useLabel();
  const ends = path.stages.filter((stage) => stage.type !== "in_progress");
  const running = path.stages.filter((stage) => stage.type === "in_progress");
  const wins = ends.filter((stage) => stage.type === "won");
  const losses = ends.filter((stage) => stage.type === "lost");
  const invalid = ends.filter((stage) => stage.type === "invalid");
  const open = may.move && !closed;
  const reopenable = closed && may.reopen;
  if (!open && !reopenable && !may.changeProcess) return null;
  // One press is the next; what is looked at goes before what would come by itself.
  const first = looked ?? next;
  const other = (stage: PathStage) => stage.key !== first?.key;
  return (
    <Group gap="xs" className={classes.acts}>
      {open && looked && (
        <Button rightSection={<IconArrowRight size={16} />} onClick={() => onMove(looked.key)}>
          {words("moveTo", { stage: label(looked.label) })}
        </Button>
      )}
      {open && !looked && next && (
        <Button rightSection={<IconArrowRight size={16} />} onClick={() => onMove(next.key)}>
          {next.type === "in_progress" ? (path.complete ? t("moveNow", { stage: label(next.label) }) : words("next", { stage: label(next.label) })) : label(next.label)}
        </Button>
      )}
      {open &&
        wins.filter(other).map((stage) => (
          <Button key={stage.key} variant="default" leftSection={<IconTrophy size={16} />} onClick={() => onMove(stage.key)}>
            {label(stage.label)}
          </Button>
        ))}
      {open &&
        losses.filter(other).map((stage) => (
          <Button key={stage.key} variant="default" leftSection={<IconFlag size={16} />} onClick={() => onMove(stage.key)}>
            {label(stage.label)}
          </Button>
        ))}
      {reopenable && (
        <Button variant={looked ? "filled" : "default"} leftSection={<IconRotate2 size={16} />} onClick={() => onMove(looked?.type === "in_progress" ? looked.key : lastLeft(running)?.key)}>
          {words("reopen")}
        </Button>
      )}
      {((open && invalid.length > 0) || may.changeProcess) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px={8} aria-label={t("more")}>
              <IconDotsVertical size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {open &&
              invalid.map((stage) => (
                <Menu.Item key={stage.key} leftSection={<IconBan size={15} />} onClick={() => onMove(stage.key)}>
                  {words("moveTo", { stage: label(stage.label) })}
                </Menu.Item>
              ))}
            {may.changeProcess && (
              <Menu.Item leftSection={<IconArrowsExchange size={15} />} onClick={onChangeProcess}>
                {t("changeProcess")}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  );
}
