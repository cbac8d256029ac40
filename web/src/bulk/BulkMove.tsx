import { Button, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { startBulk, useFollowed, type BulkBody, type BulkTarget } from "~/api/bulk";
import { findingsOfError } from "~/api/problem";
import type { ObjectDef, Value } from "~/api/types";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { useLabel, useLanguage } from "~/i18n";
import { StageDot } from "~/processes/StageDot";
import { formatDecimal } from "~/ui/format";
import classes from "./bulk.module.css";
import { BulkResults, reasonsOf } from "./BulkResults";
import { BulkRunning } from "./BulkRunning";
import { Refusals } from "./Refusals";
import { asksReason, fieldsForAll, refusalGroups } from "./refusalGroups";
import { useBulkNotices } from "./useBulkNotices";

type Props = { object: ObjectDef; target: BulkTarget; size: number; onClose: (changed: boolean) => void };

/** Moves many to one stage: first how many can, and what stands in the way of the others; then those that can are moved. */
export function BulkMove({ object, target, size, onClose }: Props) {
  const { t } = useTranslation("bulk");
  const label = useLabel();
  const language = useLanguage();
  const shown = (count: number) => ({ count, shown: formatDecimal(count, language) });
  const notices = useBulkNotices();
  const [stage, setStage] = useState<string | null>(null);
  const [given, setGiven] = useState<Record<string, Value>>({});
  const [reason, setReason] = useState("");
  const [checkedAs, setCheckedAs] = useState("");
  const options = (object.fields.find((field) => field.key === "stage")?.options ?? []).filter((option) => option.active);
  const stageName = label(options.find((option) => option.key === stage)?.label);
  const body: BulkBody = { ...target, act: "move", stage: stage ?? undefined, fields: Object.keys(given).length > 0 ? given : undefined, reason: reason.trim() || undefined };
  const check = useMutation({ mutationFn: () => startBulk(object.key, { ...body, dry_run: true }), onMutate: () => setCheckedAs(JSON.stringify(body)) });
  const run = useMutation({ mutationFn: () => startBulk(object.key, body) });
  const trial = useFollowed(check.data, true);
  const real = useFollowed(run.data, false);
  const title = t("titles.move", { shown: formatDecimal(size, language) });
  const findings = findingsOfError(run.error ?? check.error, []);

  if (real) {
    const leave = () => {
      onClose(true);
      void notices.follow(real).catch(() => undefined);
    };
    return (
      <Modal opened onClose={leave} title={title} size={640} closeOnClickOutside={real.state !== "running"}>
        {real.state === "running" ? (
          <BulkRunning bulk={real} />
        ) : (
          <Stack gap="md">
            <BulkResults bulk={real} object={object} />
            <Group justify="flex-end" gap="sm">
              <Button data-autofocus onClick={leave}>
                {t("close", { ns: "ui" })}
              </Button>
            </Group>
          </Stack>
        )}
      </Modal>
    );
  }

  const groups = trial && trial.state !== "running" ? refusalGroups(trial.results, (result) => reasonsOf(result, (key) => t(`reasons.${key}`))) : [];
  const asked = [...new Set([...fieldsForAll(groups), ...Object.keys(given)])];
  const fields = object.fields.filter((field) => asked.includes(field.key) && field.access === "write" && !field.read_only);
  const wantsReason = asksReason(groups) || reason !== "";
  const stale = trial !== undefined && checkedAs !== JSON.stringify(body);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!stage) return;
    if (!trial || stale || trial.changed === 0) check.mutate();
    else run.mutate();
  };
  return (
    <Modal opened onClose={() => !run.isPending && onClose(false)} title={title} size={640} withCloseButton={!run.isPending}>
      <form noValidate onSubmit={submit}>
        <Stack gap="md">
          <GeneralFindings findings={findings} />
          <Select
            label={t("move.stage")}
            data={options.map((option) => ({ value: option.key, label: label(option.label) }))}
            value={stage}
            allowDeselect={false}
            data-autofocus
            renderOption={({ option }) => (
              <span className={classes.option}>
                <StageDot type={options.find((it) => it.key === option.value)?.stage_type ?? "in_progress"} />
                {option.label}
              </span>
            )}
            onChange={(next) => {
              setStage(next);
              setGiven({});
              check.reset();
              run.reset();
            }}
          />
          {trial?.state === "running" && <BulkRunning bulk={trial} />}
          {trial && trial.state !== "running" && (
            <>
              <p className={classes.figures} role="status">
                <span data-kind="changed">{trial.changed === 0 ? t("move.noneCan", { stage: stageName }) : t("move.can", { ...shown(trial.changed), stage: stageName })}</span>
                {trial.refused > 0 && <span data-kind="refused">{t("move.cannot", shown(trial.refused))}</span>}
                {trial.unchanged > 0 && <span data-kind="unchanged">{t("move.stay", shown(trial.unchanged))}</span>}
              </p>
              {groups.length > 0 && <Refusals object={object} groups={groups} />}
              {(fields.length > 0 || wantsReason) && (
                <section className={classes.forAll} aria-label={t("move.forAll")}>
                  <h3 className={classes.forAllTitle}>{t("move.forAll")}</h3>
                  <Text size="sm" c="dimmed" mb={8}>
                    {t("move.forAllHint")}
                  </Text>
                  {fields.length > 0 && <FieldForm fields={fields} values={given} onChange={(key, value) => setGiven((now) => ({ ...now, [key]: value ?? null }))} />}
                  {wantsReason && <Textarea mt="sm" label={t("reason", { ns: "ui" })} description={t("move.reasonHint")} value={reason} autosize minRows={2} onChange={(event) => setReason(event.currentTarget.value)} />}
                </section>
              )}
            </>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" disabled={run.isPending} onClick={() => onClose(false)}>
              {t("cancel", { ns: "ui" })}
            </Button>
            {trial && trial.state !== "running" && (stale || trial.changed === 0) ? (
              <Button type="submit" disabled={!stale} loading={check.isPending}>
                {t("move.again")}
              </Button>
            ) : trial ? (
              <Button type="submit" disabled={trial.state === "running"} loading={run.isPending} data-autofocus>
                {t("move.run", shown(trial.changed))}
              </Button>
            ) : (
              <Button type="submit" disabled={!stage} loading={check.isPending}>
                {t("check")}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
