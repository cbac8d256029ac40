import { MultiSelect, Switch, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Option } from "~/api/types";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { useLabel } from "~/i18n";
import { CreatesEditor } from "./CreatesEditor";
import { FieldsSelect } from "./FieldsSelect";
import { Part } from "./Part";
import classes from "./pipelines.module.css";
import { at, textAt } from "./problems";
import { Guidance, type StageProps } from "./RunningStage";

const PROMPT_LENGTH = 100;

/** What is asked of a deal that ends in a stage: won, lost or invalid. */
export function TerminalStage({ stage, running, problems, onChange }: StageProps & { /** The In Progress stages of the process. */ running: Option[] }) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const length = [...(stage.prompt ?? "")].length;
  return (
    <>
      <Part title={t("parts.enter")}>
        <Switch label={t("ignoreNormal")} description={t("ignoreNormalHint")} checked={stage.ignore_normal ?? false} onChange={(event) => onChange({ ignore_normal: event.currentTarget.checked })} />
        <MultiSelect
          label={t("mustHaveCompleted")}
          description={t("mustHaveCompletedHint")}
          hidePickedOptions
          placeholder={(stage.must_have_completed ?? []).length === 0 ? t("noFields") : undefined}
          data={running.map((it) => ({ value: it.key, label: label(it.label) }))}
          value={stage.must_have_completed ?? []}
          error={textAt(problems, "must_have_completed")}
          onChange={(must_have_completed) => onChange({ must_have_completed })}
        />
        <ConditionEditor label={t("stageEntryCondition")} hint={t("stageEntryConditionHint")} value={stage.entry_condition} findings={at(problems, "entry_condition")} onChange={(entry_condition) => onChange({ entry_condition })} />
        <div className={classes.counted}>
          <Textarea label={t("prompt")} description={t("promptHint")} autosize minRows={1} maxLength={PROMPT_LENGTH} value={stage.prompt ?? ""} error={textAt(problems, "prompt")} onChange={(event) => onChange({ prompt: event.currentTarget.value || undefined })} />
          <span className={classes.counter} data-full={length >= PROMPT_LENGTH || undefined} aria-live="polite">
            {length} / {PROMPT_LENGTH}
          </span>
        </div>
      </Part>
      <Part title={t("parts.actions")} hint={t("actionsHint")}>
        <FieldsSelect object="opportunity" label={t("actionFields")} description={t("actionFieldsHint")} value={stage.required_fields} error={textAt(problems, "required_fields")} onChange={(required_fields) => onChange({ required_fields })} />
        <CreatesEditor creates={stage.creates ?? []} problems={problems} onChange={(creates) => onChange({ creates: creates.length > 0 ? creates : undefined })} />
      </Part>
      <Guidance stage={stage} problems={problems} onChange={onChange} />
    </>
  );
}
