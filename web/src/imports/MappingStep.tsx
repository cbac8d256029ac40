import { Accordion, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportOptions } from "~/api/imports";
import { useObject, useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import type { Draft } from "./draft";
import classes from "./imports.module.css";
import { StepPanel } from "./StepPanel";
import { mappedCounts } from "./targets";
import { useFile } from "./useImports";

type Props = {
  draft: Draft;
  busy: boolean;
  error: unknown;
  onOptions: (step: number, change: Partial<ImportOptions>) => void;
  onObject: (step: number, object: string) => void;
  onRemove: (step: number) => void;
  onBack: () => void;
  onCheck: () => void;
};

/** What becomes of each file's columns. One step lies open; of several each is a line, in the order in which they run. */
export function MappingStep({ draft, busy, error, onOptions, onObject, onRemove, onBack, onCheck }: Props) {
  const { t } = useTranslation("imports");
  const several = draft.steps.length > 1;
  const [opened, setOpened] = useState<string[]>(several ? [] : ["0"]);
  const ready = draft.steps.length > 0 && draft.steps.every((step) => step.options.object !== "");
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {draft.plan && draft.plan.source !== "guess" ? t("planHint", { name: draft.plan.name, count: draft.steps.length }) : t(several ? "stepsHint" : "mapHint", { count: draft.steps.length })}
      </Text>
      <Prepared draft={draft} />
      <Accordion multiple variant="separated" value={opened} onChange={setOpened} classNames={{ item: classes.foldItem, label: classes.foldLabel, content: classes.foldContent }}>
        {draft.steps.map((step, index) => (
          <Accordion.Item key={index} value={String(index)}>
            <Accordion.Control>
              <StepLine number={several ? index + 1 : undefined} file={step.file} options={step.options} />
            </Accordion.Control>
            <Accordion.Panel>
              <StepPanel step={step} brought={draft.steps.slice(0, index).map((it) => it.options.object)} onOptions={(change) => onOptions(index, change)} onObject={(object) => onObject(index, object)} onRemove={several ? () => onRemove(index) : undefined} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {error != null && <ErrorState compact error={error} />}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack} disabled={busy}>
          {t("back")}
        </Button>
        <Button onClick={onCheck} loading={busy} disabled={!ready}>
          {t("check")}
        </Button>
      </Group>
    </Stack>
  );
}

/** What a known plan adds before its files come in. */
function Prepared({ draft }: { draft: Draft }) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const named = (things: unknown[] | undefined, of: "label" | "name") => (things ?? []).map((it) => label((it as Record<string, string>)[of])).join(", ");
  const stages = named(draft.prepare?.stages, "label");
  const processes = named(draft.prepare?.processes, "name");
  if (!stages && !processes) return null;
  return (
    <Text size="sm" className={classes.prepared}>
      {[stages && t("prepareStages", { names: stages }), processes && t("prepareProcesses", { names: processes })].filter(Boolean).join(" ")}
    </Text>
  );
}

function StepLine({ number, file: id, options }: { number?: number; file: string; options: ImportOptions }) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const objects = useObjects();
  const object = useObject(options.object);
  const file = useFile(id).data;
  const counts = mappedCounts(file?.columns ?? [], options);
  return (
    <Group gap="xs" component="span">
      {number !== undefined && <span className={classes.number}>{number}</span>}
      <b>{file?.name ?? "…"}</b>
      <span aria-hidden>→</span>
      <b>{objects.length > 0 ? label(object?.plural) || t("objectUnknown") : ""}</b>
      <Text span size="sm" c="dimmed">
        {[t("filled", { count: counts.filled }), counts.left > 0 ? t("left", { count: counts.left }) : ""].filter(Boolean).join(" · ")}
      </Text>
    </Group>
  );
}
