import { ActionIcon, Drawer, Group, Stack } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ProcessStage } from "~/api/processes";
import type { Option } from "~/api/types";
import { useLabel } from "~/i18n";
import { Findings } from "../Findings";
import { StageDot } from "../StageDot";
import classes from "./pipelines.module.css";
import { elsewhere, ofTask, type Problem } from "./problems";
import { RunningStage } from "./RunningStage";
import { TaskEditor } from "./TaskEditor";
import { TerminalStage } from "./TerminalStage";

interface Props {
  stage: ProcessStage | undefined;
  /** The task that is open in it. */
  task: string | undefined;
  /** The stages of this process, in their order. */
  used: Option[];
  /** Those of the stage and its tasks. */
  problems: Problem[];
  editable: boolean;
  onChange: (change: Partial<ProcessStage>, what: string) => void;
  onTask: (key: string | undefined) => void;
  onClose: () => void;
}

const SHOWN = ["required_fields", "entry_condition", "win_rate", "forecast_category", "duration_seconds", "duration_in", "reminders", "tasks", "needed_tasks", "completion_condition", "allow_skip", "approval", "guidance", "links", "must_have_completed", "prompt", "creates"];

/** What is asked of a deal in one stage of a process, and in one of its tasks. */
export function StageDrawer({ stage, task: opened, used, problems, editable, onChange, onTask, onClose }: Props) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const option = used.find((it) => it.key === stage?.stage);
  const type = option?.stage_type ?? "in_progress";
  const name = label(option?.label) || stage?.stage || "";
  const task = stage?.tasks?.find((it) => it.key === opened);
  const change = (part: Partial<ProcessStage>) => onChange(part, `${stage?.stage} ${Object.keys(part).join(" ")}`);
  const loose = elsewhere(problems.filter(({ place }) => place.task === undefined), ...SHOWN);
  return (
    <Drawer
      opened={stage !== undefined}
      onClose={onClose}
      position="right"
      size={620}
      title={
        task ? (
          <Group gap="xs" wrap="nowrap">
            <ActionIcon aria-label={t("backToStage", { stage: name })} onClick={() => onTask(undefined)}>
              <IconArrowLeft size={17} />
            </ActionIcon>
            <span className={classes.drawerTitle}>
              <small>{name}</small>
              {task.name || t("unnamedTask")}
            </span>
          </Group>
        ) : (
          <Group gap="xs" wrap="nowrap">
            <StageDot type={type} />
            <span>{t("settingsOf", { stage: name })}</span>
          </Group>
        )
      }
    >
      {stage && (
        <fieldset disabled={!editable} className={classes.bare}>
          {task ? (
            <TaskEditor
              key={task.key}
              task={task}
              problems={ofTask(problems, task.key)}
              onChange={(part) => onChange({ tasks: (stage.tasks ?? []).map((it) => (it.key === task.key ? { ...it, ...part } : it)) }, `${task.key} ${Object.keys(part).join(" ")}`)}
            />
          ) : (
            <Stack gap="lg">
              <Findings findings={loose} />
              {type === "in_progress" ? (
                <RunningStage stage={stage} problems={problems} onChange={change} onTask={onTask} />
              ) : (
                <TerminalStage stage={stage} running={used.filter((it) => (it.stage_type ?? "in_progress") === "in_progress")} problems={problems} onChange={change} />
              )}
            </Stack>
          )}
        </fieldset>
      )}
    </Drawer>
  );
}
