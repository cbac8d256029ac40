import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconChecklist, IconClock, IconDots, IconFilePlus, IconGripVertical, IconPlayerSkipForward, IconPlus, IconSettings, IconShieldCheck, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessStage } from "~/api/processes";
import type { Option } from "~/api/types";
import { useLabel } from "~/i18n";
import { StageDot } from "../StageDot";
import { useDuration } from "../useDuration";
import classes from "./pipelines.module.css";

type RowProps = { stage: string; index: number; group: "used" | "unused"; option: Option | undefined; editable: boolean; wrong?: boolean; children: ReactNode };

/** A stage that can be dragged, in the process or beside it. */
export function StageRow({ stage, index, group, option, editable, wrong, children }: RowProps) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const name = label(option?.label) || stage;
  const { ref, handleRef, isDragSource } = useSortable({ id: stage, index, group, type: "stage", accept: "stage", disabled: !editable });
  return (
    <li ref={ref} className={classes.stage} data-dragging={isDragSource || undefined} data-wrong={wrong || undefined} data-stage={stage}>
      {editable && (
        <ActionIcon ref={handleRef} className={classes.handle} aria-label={t("moveStage", { stage: name })}>
          <IconGripVertical size={16} />
        </ActionIcon>
      )}
      <StageDot type={option?.stage_type ?? "in_progress"} />
      {children}
    </li>
  );
}

/** What is set in a stage, at a glance. */
export function StageFacts({ stage }: { stage: ProcessStage }) {
  const { t } = useTranslation("pipelines");
  const tell = useDuration();
  const gates = stage.required_fields.length + (stage.entry_condition ? 1 : 0) + (stage.completion_condition ? 1 : 0) + (stage.must_have_completed?.length ?? 0);
  const fact = (shown: unknown, icon: ReactNode, text: ReactNode, title: string) =>
    shown ? (
      <span title={title}>
        {icon}
        {text}
        <span className="visually-hidden">{title}</span>
      </span>
    ) : null;
  return (
    <span className={classes.facts}>
      {stage.win_rate && <span title={t("winRate")}>{Number(stage.win_rate)}%</span>}
      {fact(stage.duration_seconds, <IconClock size={13} aria-hidden />, tell(stage.duration_seconds ?? 0), t("durationLimit"))}
      {fact(stage.tasks?.length, <IconChecklist size={13} aria-hidden />, stage.tasks?.length, t("tasks"))}
      {fact(gates, <IconShieldCheck size={13} aria-hidden />, gates, t("gates"))}
      {fact(stage.creates?.length, <IconFilePlus size={13} aria-hidden />, stage.creates?.length, t("creates"))}
      {fact(stage.allow_skip, <IconPlayerSkipForward size={13} aria-hidden />, null, t("allowSkip"))}
    </span>
  );
}

type ActsProps = { name: string; first: boolean; last: boolean; editable: boolean; onSettings: () => void; onMove: (by: 1 | -1) => void; onRemove: () => void };

/** What can be done with a stage of the process without dragging it. */
export function StageActs({ name, first, last, editable, onSettings, onMove, onRemove }: ActsProps) {
  const { t } = useTranslation("pipelines");
  return (
    <span className={classes.acts}>
      <ActionIcon aria-label={t("settingsOf", { stage: name })} title={t("settingsOf", { stage: name })} onClick={onSettings}>
        <IconSettings size={17} stroke={1.7} />
      </ActionIcon>
      {editable && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={t("actsOf", { stage: name })}>
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconArrowUp size={15} />} disabled={first} onClick={() => onMove(-1)}>
              {t("moveUp")}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowDown size={15} />} disabled={last} onClick={() => onMove(1)}>
              {t("moveDown")}
            </Menu.Item>
            <Menu.Item leftSection={<IconX size={15} />} onClick={onRemove}>
              {t("takeOut")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}

/** Adds a stage that is not used yet. */
export function AddStage({ name, onAdd }: { name: string; onAdd: () => void }) {
  const { t } = useTranslation("pipelines");
  return (
    <ActionIcon aria-label={t("addStage", { stage: name })} title={t("addStage", { stage: name })} onClick={onAdd}>
      <IconPlus size={16} />
    </ActionIcon>
  );
}
