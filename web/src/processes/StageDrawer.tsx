import { Divider, Drawer, Group, MultiSelect, NumberInput, Select, Stack, Switch, TextInput, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Option, ProcessStage, Violation } from "~/api/types";
import { isReckoned } from "~/fields/draft";
import { useLabel } from "~/i18n";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { Findings } from "./Findings";
import { fromDaysAndHours, toDaysAndHours } from "./duration";
import { placeOf } from "./findings";

const PROMPT_LENGTH = 100;

interface Props {
  stage: ProcessStage | undefined;
  /** The stages of this process, in their order. */
  used: Option[];
  findings: Violation[];
  editable: boolean;
  onChange: (change: Partial<ProcessStage>) => void;
  onClose: () => void;
}

/** What is asked of an opportunity in one stage of one process. */
export function StageDrawer({ stage, used, findings, editable, onChange, onClose }: Props) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const fields = useObject("opportunity")?.fields ?? [];
  const option = used.find((it) => it.key === stage?.stage);
  const running = (option?.stage_type ?? "in_progress") === "in_progress";
  const at = (name: string) =>
    findings.filter((finding) => {
      const place = placeOf(finding.path);
      return place.kind === "stage" && place.field === name;
    });
  const errorAt = (name: string) => {
    const found = at(name);
    return found.length > 0 ? found.map((it) => it.message).join(" ") : undefined;
  };
  const loose = findings.filter((finding) => {
    const place = placeOf(finding.path);
    return place.kind !== "stage" || place.field === undefined;
  });
  const limit = toDaysAndHours(stage?.duration_seconds);
  const categories = fields.find((field) => field.key === "forecast_category")?.options ?? [];
  const number = (value: string | number) => (typeof value === "number" ? value : Number(value) || 0);

  return (
    <Drawer
      opened={stage !== undefined}
      onClose={onClose}
      position="right"
      size={460}
      title={option ? t("settingsOf", { stage: label(option.label) }) : ""}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {stage && (
        <fieldset disabled={!editable} style={{ border: 0, margin: 0, padding: 0 }}>
          <Stack gap="md">
            <Findings findings={loose} />
            {running && (
              <>
                <div>
                  <Group gap="xs" align="flex-end" grow>
                    <NumberInput
                      label={t("durationLimit")}
                      suffix={` ${t("days")}`}
                      placeholder={t("days")}
                      min={0}
                      max={3650}
                      value={limit.days || ""}
                      error={errorAt("duration_seconds")}
                      onChange={(days) => onChange({ duration_seconds: fromDaysAndHours(number(days), limit.hours) })}
                    />
                    <NumberInput
                      aria-label={t("hours")}
                      suffix={` ${t("hours")}`}
                      placeholder={t("hours")}
                      min={0}
                      max={23}
                      value={limit.hours || ""}
                      onChange={(hours) => onChange({ duration_seconds: fromDaysAndHours(limit.days, number(hours)) })}
                    />
                  </Group>
                  <Textual>{t("durationHint")}</Textual>
                </div>
                <Switch
                  label={t("allowSkip")}
                  description={t("allowSkipHint")}
                  checked={stage.allow_skip}
                  onChange={(event) => onChange({ allow_skip: event.currentTarget.checked })}
                />
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
                    error={errorAt("win_rate")}
                    onChange={(rate) => onChange({ win_rate: rate === "" ? undefined : String(rate) })}
                  />
                  <Select
                    label={t("forecastCategory")}
                    data={categories.map((it) => ({ value: it.key, label: label(it.label) }))}
                    clearable
                    value={stage.forecast_category ?? null}
                    error={errorAt("forecast_category")}
                    onChange={(key) => onChange({ forecast_category: key ?? undefined })}
                  />
                </Group>
              </>
            )}
            {!running && (
              <>
                <Switch
                  label={t("ignoreNormal")}
                  description={t("ignoreNormalHint")}
                  checked={stage.ignore_normal ?? false}
                  onChange={(event) => onChange({ ignore_normal: event.currentTarget.checked })}
                />
                <MultiSelect
                  label={t("mustHaveCompleted")}
                  data={used.filter((it) => (it.stage_type ?? "in_progress") === "in_progress").map((it) => ({ value: it.key, label: label(it.label) }))}
                  value={stage.must_have_completed ?? []}
                  error={errorAt("must_have_completed")}
                  onChange={(keys) => onChange({ must_have_completed: keys })}
                />
                <TextInput
                  label={t("prompt")}
                  description={t("promptHint")}
                  maxLength={PROMPT_LENGTH}
                  value={stage.prompt ?? ""}
                  error={errorAt("prompt")}
                  onChange={(event) => onChange({ prompt: event.currentTarget.value })}
                />
              </>
            )}
            <Textarea
              label={t("guidance")}
              description={t("guidanceHint")}
              autosize
              minRows={2}
              value={stage.guidance ?? ""}
              error={errorAt("guidance")}
              onChange={(event) => onChange({ guidance: event.currentTarget.value })}
            />
            <Divider />
            <MultiSelect
              label={t("requiredFields")}
              description={t("requiredFieldsHint")}
              searchable
              data={fields.filter((field) => !field.read_only && !field.system && !isReckoned(field)).map((field) => ({ value: field.key, label: label(field.label) }))}
              value={stage.required_fields}
              error={errorAt("required_fields")}
              onChange={(keys) => onChange({ required_fields: keys })}
            />
            <ConditionEditor
              label={t("stageEntryCondition")}
              value={stage.entry_condition}
              findings={at("entry_condition")}
              onChange={(condition) => onChange({ entry_condition: condition })}
            />
            {running && (
              <ConditionEditor
                label={t("completionCondition")}
                value={stage.completion_condition}
                findings={at("completion_condition")}
                onChange={(condition) => onChange({ completion_condition: condition })}
              />
            )}
          </Stack>
        </fieldset>
      )}
    </Drawer>
  );
}

function Textual({ children }: { children: string }) {
  return <p style={{ margin: "4px 0 0", fontSize: 12, color: "var(--ink-soft)" }}>{children}</p>;
}
