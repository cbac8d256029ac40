import { Button, Group, Select, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportOptions, Mode, PlannedStep } from "~/api/imports";
import { useMe, useObject, useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { ColumnTable } from "./ColumnTable";
import { KeySelect } from "./KeySelect";
import { LeftOpen } from "./LeftOpen";
import { MoreOptions } from "./MoreOptions";
import { TemplateBar } from "./TemplateBar";
import { stageColumn } from "./targets";
import { UnderWay } from "./UnderWay";
import { useAdvice, useFile } from "./useImports";

const MODES: Mode[] = ["upsert", "insert", "update"];

type Props = { step: PlannedStep; /** Objects of earlier steps. */ brought: string[]; onOptions: (change: Partial<ImportOptions>) => void; onObject: (object: string) => void; onRemove?: () => void };

/** One step: what the rows are, how they find their records, and where each column goes. */
export function StepPanel({ step, brought, onOptions, onObject, onRemove }: Props) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const object = useObject(step.options.object);
  const file = useFile(step.file);
  const advice = useAdvice(step).data;
  if (file.isError) return <ErrorState compact error={file.error} />;
  if (!file.data) return <RowSkeletons rows={4} />;
  const importable = objects.filter((it) => me.acts[it.key]?.includes("import"));
  // What is said of the stages stands at their column.
  const staged = object && stageColumn(object, step.options);
  const ofStages = (advice?.warnings ?? []).filter((one) => one.path === "stage");
  const others = (advice?.warnings ?? []).filter((one) => one.path !== "stage" || !staged);
  return (
    <Stack gap="md">
      <Group gap="md" align="flex-start">
        <Select
          label={t("object")}
          w={230}
          searchable
          allowDeselect={false}
          data={importable.map((it) => ({ value: it.key, label: label(it.plural) }))}
          value={step.options.object || null}
          onChange={(key) => key && key !== step.options.object && onObject(key)}
        />
        <Select
          label={t("mode")}
          w={230}
          allowDeselect={false}
          data={MODES.map((value) => ({ value, label: t(`modes.${value}`) }))}
          value={step.options.mode ?? "upsert"}
          onChange={(mode) => mode && onOptions({ mode: mode as Mode })}
        />
        <KeySelect file={file.data} object={object} options={step.options} onOptions={onOptions} />
      </Group>
      <TemplateBar file={file.data} options={step.options} onOptions={onOptions} />
      <LeftOpen violations={advice?.violations} warnings={others} />
      <ColumnTable step={step} file={file.data} object={object} brought={brought} onOptions={onOptions} beneath={object && staged ? { column: staged, shown: <UnderWay object={object} options={step.options} told={ofStages} onOptions={onOptions} /> } : undefined} />
      <MoreOptions file={file.data} object={object} options={step.options} onOptions={onOptions} />
      {onRemove && (
        <div>
          <Button variant="subtle" color="red" size="compact-sm" onClick={onRemove}>
            {t("removeStep")}
          </Button>
        </div>
      )}
    </Stack>
  );
}
