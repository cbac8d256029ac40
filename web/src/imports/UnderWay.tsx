import { Select, Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportFinding, ImportOptions } from "~/api/imports";
import { useMe } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";
import classes from "./imports.module.css";
import { Note } from "./Note";
import { withPast } from "./targets";

type Props = { object: ObjectDef; options: ImportOptions; /** What is to be said of the stages. */ told: ImportFinding[]; onOptions: (change: Partial<ImportOptions>) => void };

/** Asked where a column tells stages: whether these deals are under way already and come in as they stand. */
export function UnderWay({ object, options, told, onOptions }: Props) {
  const { t } = useTranslation("imports");
  const me = useMe();
  const label = useLabel();
  const mayHistory = me.acts[object.key]?.includes("import_history") ?? false;
  const stages = object.fields.find((field) => field.key === "stage")?.options ?? [];
  const running = stages.filter((stage) => stage.stage_type === "in_progress").map((stage) => ({ value: stage.key, label: label(stage.label) }));
  // A plan may name a stage that it adds first.
  if (options.before_close && !running.some((it) => it.value === options.before_close)) running.push({ value: options.before_close, label: options.before_close });
  return (
    <Stack gap="sm" className={classes.underWay}>
      {mayHistory && (
        <Switch label={t("underWay")} description={t("underWayHint")} checked={options.history === true} onChange={(event) => onOptions(withPast(options, event.currentTarget.checked))} />
      )}
      {told.map((one) => (
        <Note key={one.code} kind={options.history ? "plain" : "warn"}>
          {one.message}
        </Note>
      ))}
      {options.history === true && (
        <Select label={t("beforeClose")} description={t("beforeCloseHint")} inputWrapperOrder={["label", "input", "description", "error"]} maw={320} clearable data={running} value={options.before_close ?? null} onChange={(before_close) => onOptions({ before_close })} />
      )}
    </Stack>
  );
}
