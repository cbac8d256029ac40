import { Group, NumberInput, Select, Switch, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ProcessStage } from "~/api/processes";
import { useObject } from "~/api/queries";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { useLabel } from "~/i18n";
import { DurationInput } from "./DurationInput";
import { FieldsSelect } from "./FieldsSelect";
import { LinksEditor } from "./LinksEditor";
import { NeededTasksChoice } from "./NeededTasksChoice";
import { Part } from "./Part";
import { at, textAt, type Problem } from "./problems";
import { RemindersEditor } from "./RemindersEditor";
import { StageApproval } from "./StageApproval";
import { TaskList } from "./TaskList";

export type StageProps = {
  stage: ProcessStage;
  /** Those of the stage. */
  problems: Problem[];
  onChange: (change: Partial<ProcessStage>) => void;
};

/** What is asked of a deal in an In Progress stage. */
export function RunningStage({ stage, problems, onChange, onTask }: StageProps & { onTask: (key: string) => void }) {
  const { t } = useTranslation("pipelines");
  const own = problems.filter(({ place }) => place.task === undefined);
  return (
    <>
      <Part title={t("parts.enter")}>
        <FieldsSelect object="opportunity" label={t("requiredFields")} description={t("requiredFieldsHint")} value={stage.required_fields} error={textAt(own, "required_fields")} onChange={(required_fields) => onChange({ required_fields })} />
        <ConditionEditor label={t("stageEntryCondition")} hint={t("stageEntryConditionHint")} value={stage.entry_condition} findings={at(own, "entry_condition")} onChange={(entry_condition) => onChange({ entry_condition })} />
        <Figures stage={stage} problems={own} onChange={onChange} />
      </Part>
      <Part title={t("parts.time")}>
        <DurationInput
          label={t("durationLimit")}
          hint={t("durationHint")}
          seconds={stage.duration_seconds}
          timeIn={stage.duration_in}
          error={textAt(own, "duration_seconds") ?? textAt(own, "duration_in")}
          onChange={(duration_seconds) => onChange({ duration_seconds, ...(duration_seconds === undefined ? { reminders: undefined } : {}) })}
          onTimeIn={(duration_in) => onChange({ duration_in })}
        />
        {(stage.duration_seconds != null || (stage.reminders ?? []).length > 0) && (
          <RemindersEditor hint={t("remindersHint")} reminders={stage.reminders ?? []} problems={own} onChange={(reminders) => onChange({ reminders: reminders.length > 0 ? reminders : undefined })} />
        )}
      </Part>
      <Part title={t("parts.tasks")} hint={t("tasksHint")}>
        <TaskList stage={stage} problems={problems} onChange={onChange} onOpen={onTask} />
      </Part>
      <Part title={t("parts.complete")}>
        <NeededTasksChoice needed={stage.needed_tasks} tasks={stage.tasks ?? []} error={textAt(own, "needed_tasks")} onChange={(needed_tasks) => onChange({ needed_tasks })} />
        <ConditionEditor label={t("completionCondition")} hint={t("completionConditionHint")} value={stage.completion_condition} findings={at(own, "completion_condition")} onChange={(completion_condition) => onChange({ completion_condition })} />
        <Switch label={t("allowSkip")} description={t("allowSkipHint")} checked={stage.allow_skip} onChange={(event) => onChange({ allow_skip: event.currentTarget.checked })} />
        <StageApproval stage={stage} onChange={onChange} />
      </Part>
      <Guidance stage={stage} problems={own} onChange={onChange} />
    </>
  );
}

function Figures({ stage, problems, onChange }: StageProps) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const categories = useObject("opportunity")?.fields.find((field) => field.key === "forecast_category")?.options ?? [];
  return (
    <Group grow align="flex-start">
      <NumberInput
        label={t("winRate")}
        description={t("winRateHint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        suffix="%"
        min={0}
        max={100}
        decimalScale={2}
        value={stage.win_rate ?? ""}
        error={textAt(problems, "win_rate")}
        onChange={(rate) => onChange({ win_rate: rate === "" ? undefined : String(rate) })}
      />
      <Select
        label={t("forecastCategory")}
        data={categories.map((it) => ({ value: it.key, label: label(it.label) }))}
        clearable
        placeholder={t("asBefore")}
        value={stage.forecast_category ?? null}
        error={textAt(problems, "forecast_category")}
        onChange={(key) => onChange({ forecast_category: key ?? undefined })}
      />
    </Group>
  );
}

/** What the salesperson is told in a stage. */
export function Guidance({ stage, problems, onChange }: StageProps) {
  const { t } = useTranslation("pipelines");
  return (
    <Part title={t("parts.guidance")}>
      <Textarea label={t("guidance")} description={t("guidanceHint")} autosize minRows={2} value={stage.guidance ?? ""} error={textAt(problems, "guidance")} onChange={(event) => onChange({ guidance: event.currentTarget.value || undefined })} />
      <LinksEditor links={stage.links ?? []} problems={problems} onChange={(links) => onChange({ links: links.length > 0 ? links : undefined })} />
    </Part>
  );
}
