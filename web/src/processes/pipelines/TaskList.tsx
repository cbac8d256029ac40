import { move } from "@dnd-kit/helpers";
import { DragDropProvider } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Badge, Button, Menu } from "@mantine/core";
import { IconGripVertical, IconPlus, IconX } from "@tabler/icons-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessStage, StageTask } from "~/api/processes";
import { useSortWords } from "../sortWords";
import { useDuration } from "../useDuration";
import { newTask, withoutTask } from "./arranging";
import classes from "./pipelines.module.css";
import { ofTask, textOf, type Problem } from "./problems";
import { TASK_ICONS, TASK_KINDS } from "./taskIcons";

type Props = { stage: ProcessStage; problems: Problem[]; onChange: (change: Partial<ProcessStage>) => void; onOpen: (key: string) => void };

const chance = () => Array.from(crypto.getRandomValues(new Uint8Array(5)), (byte) => (byte % 36).toString(36)).join("");

/** The tasks of a stage in their order. */
export function TaskList({ stage, problems, onChange, onOpen }: Props) {
  const { t } = useTranslation("pipelines");
  const tasks = stage.tasks ?? [];
  const nameOf = useCallback((key: string) => (stage.tasks ?? []).find((task) => task.key === key)?.name || t("unnamedTask"), [stage.tasks, t]);
  const plugins = useSortWords(nameOf);
  const items = tasks.map((task) => ({ id: task.key, task }));
  return (
    <div>
      <DragDropProvider plugins={plugins} onDragEnd={(event) => !event.canceled && onChange({ tasks: move(items, event).map(({ task }) => task) })}>
        <ol className={classes.tasks} aria-label={t("tasks")}>
          {tasks.map((task, index) => (
            <Row key={task.key} task={task} index={index} wrong={textOf(ofTask(problems, task.key).map((it) => it.violation))} onOpen={() => onOpen(task.key)} onRemove={() => onChange(withoutTask(stage, task.key))} />
          ))}
        </ol>
      </DragDropProvider>
      {tasks.length === 0 && <p className={classes.fine}>{t("tasksNone")}</p>}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" size="compact-md" mt="xs" leftSection={<IconPlus size={14} />}>
            {t("addTask")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {TASK_KINDS.map((kind) => {
            const Icon = TASK_ICONS[kind];
            return (
              <Menu.Item
                key={kind}
                leftSection={<Icon size={16} stroke={1.7} />}
                onClick={() => {
                  const task = newTask(kind, "", chance());
                  onChange({ tasks: [...tasks, task] });
                  onOpen(task.key);
                }}
              >
                {t(`kinds.${kind}`)}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function Row({ task, index, wrong, onOpen, onRemove }: { task: StageTask; index: number; wrong?: string; onOpen: () => void; onRemove: () => void }) {
  const { t } = useTranslation("pipelines");
  const tell = useDuration();
  const { ref, handleRef, isDragSource } = useSortable({ id: task.key, index });
  const name = task.name || t("unnamedTask");
  const Icon = TASK_ICONS[task.act.kind];
  return (
    <li ref={ref} className={classes.task} data-dragging={isDragSource || undefined} data-wrong={wrong !== undefined || undefined}>
      <ActionIcon ref={handleRef} className={classes.handle} aria-label={t("moveTask", { task: name })}>
        <IconGripVertical size={16} />
      </ActionIcon>
      <Icon size={16} stroke={1.7} className={classes.taskIcon} aria-label={t(`kinds.${task.act.kind}`)} />
      <button type="button" className={classes.taskName} onClick={onOpen}>
        {name}
      </button>
      {task.due_seconds ? <span className={classes.fine}>{t("dueIn", { time: tell(task.due_seconds) })}</span> : null}
      <Badge color={task.required ? "brand" : "gray"}>{t(task.required ? "requiredShort" : "optionalShort")}</Badge>
      <ActionIcon aria-label={t("removeTask", { task: name })} onClick={onRemove}>
        <IconX size={15} />
      </ActionIcon>
      {wrong && <p className={classes.wrong}>{wrong}</p>}
    </li>
  );
}
