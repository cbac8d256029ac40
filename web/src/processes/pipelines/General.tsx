import { Switch, TextInput, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Process } from "~/api/processes";
import { useObject } from "~/api/queries";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { useLabel } from "~/i18n";
import { Findings } from "../Findings";
import classes from "./pipelines.module.css";
import { at, textAt, within, type Problem } from "./problems";
import { WhoMayUse } from "./WhoMayUse";

type Props = {
  process: Process;
  /** Those of the process as a whole. */
  problems: Problem[];
  editable: boolean;
  onChange: (change: Partial<Process>) => void;
};

/** What a process is called, whose deals may run in it, and which. */
export function General({ process, problems, editable, onChange }: Props) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const opportunity = useObject("opportunity");
  return (
    <fieldset disabled={!editable} className={`${classes.bare} ${classes.general}`}>
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t("basics")}</h2>
        <TextInput label={t("name")} withAsterisk value={process.name} error={textAt(problems, "name")} onChange={(event) => onChange({ name: event.currentTarget.value })} />
        <Textarea label={t("description")} autosize minRows={2} value={process.description ?? ""} error={textAt(problems, "description")} onChange={(event) => onChange({ description: event.currentTarget.value })} />
        <div className={classes.pair}>
          <TextInput label={t("object")} value={label(opportunity?.label)} readOnly variant="filled" title={t("fixed")} />
          <TextInput label={t("objectField")} value={label(opportunity?.fields.find((field) => field.key === "stage")?.label)} readOnly variant="filled" title={t("fixed")} />
        </div>
        <Switch label={t("backMoves")} description={t("backMovesHint")} checked={process.back_moves} onChange={(event) => onChange({ back_moves: event.currentTarget.checked })} />
      </section>
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t("who")}</h2>
        <p className={classes.fine}>{t("whoHint")}</p>
        <Findings findings={problems.filter(({ place }) => place.setting.join() === "who").map((it) => it.violation)} />
        <WhoMayUse who={process.who} problems={within(problems, "who")} onChange={(who) => onChange({ who })} />
        <ConditionEditor label={t("entryCondition")} hint={t("entryConditionHint")} value={process.entry_condition} findings={at(problems, "entry_condition")} onChange={(entry_condition) => onChange({ entry_condition })} />
      </section>
    </fieldset>
  );
}
