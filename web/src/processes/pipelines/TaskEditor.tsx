import { Select, Stack, Switch, TextInput, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { StageTask, TaskKind } from "~/api/processes";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { Findings } from "../Findings";
import { newAct } from "./arranging";
import { DurationInput } from "./DurationInput";
import { PartiesSelect } from "./PartiesSelect";
import { Part } from "./Part";
import { at, elsewhere, textAt, within, type Problem } from "./problems";
import { RemindersEditor } from "./RemindersEditor";
import { TaskActEditor } from "./TaskActEditor";
import { TASK_KINDS } from "./taskIcons";

const SHOWN = ["name", "instructions", "act", "assignees", "due_seconds", "due_in", "reminders", "condition"];

/** One task of a stage: what is to be done, by whom, until when, and for which deals. */
export function TaskEditor({ task, problems, onChange }: { task: StageTask; problems: Problem[]; onChange: (change: Partial<StageTask>) => void }) {
  const { t } = useTranslation("pipelines");
  return (
    <Stack gap="md">
      <Findings findings={[...elsewhere(problems, ...SHOWN), ...problems.filter(({ place }) => place.setting.join() === "act").map((it) => it.violation)]} />
      <TextInput data-autofocus autoFocus={task.name === ""} label={t("taskName")} withAsterisk value={task.name} error={textAt(problems, "name")} onChange={(event) => onChange({ name: event.currentTarget.value })} />
      <Textarea label={t("instructions")} description={t("instructionsHint")} autosize minRows={2} value={task.instructions ?? ""} error={textAt(problems, "instructions")} onChange={(event) => onChange({ instructions: event.currentTarget.value || undefined })} />
      <Switch label={t("required")} description={t("requiredHint")} checked={task.required} onChange={(event) => onChange({ required: event.currentTarget.checked })} />
      <Part title={t("whatToDo")}>
        <Select
          label={t("kind")}
          description={t(`kindHints.${task.act.kind}`)}
          allowDeselect={false}
          data={TASK_KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
          value={task.act.kind}
          onChange={(kind) => kind && kind !== task.act.kind && onChange({ act: newAct(kind as TaskKind) })}
        />
        <TaskActEditor act={task.act} problems={within(problems, "act")} onChange={(act) => onChange({ act })} />
      </Part>
      <Part title={t("whoAndWhen")}>
        <PartiesSelect label={t("assignees")} description={t("assigneesHint")} placeholder={t("parties.owner")} value={task.assignees} error={textAt(problems, "assignees")} onChange={(assignees) => onChange({ assignees })} />
        <DurationInput
          label={t("due")}
          hint={t("dueHint")}
          seconds={task.due_seconds}
          timeIn={task.due_in}
          error={textAt(problems, "due_seconds")}
          onChange={(due_seconds) => onChange({ due_seconds, ...(due_seconds === undefined ? { reminders: undefined } : {}) })}
          onTimeIn={(due_in) => onChange({ due_in })}
        />
        {(task.due_seconds != null || (task.reminders ?? []).length > 0) && <RemindersEditor hint={t("taskRemindersHint")} reminders={task.reminders ?? []} problems={problems} onChange={(reminders) => onChange({ reminders: reminders.length > 0 ? reminders : undefined })} />}
      </Part>
      <Part title={t("forWhich")}>
        <ConditionEditor label={t("taskCondition")} hint={t("taskConditionHint")} value={task.condition} findings={at(problems, "condition")} onChange={(condition) => onChange({ condition })} />
        <Switch label={t("repeat")} description={t("repeatHint")} checked={task.repeat} onChange={(event) => onChange({ repeat: event.currentTarget.checked })} />
      </Part>
    </Stack>
  );
}
