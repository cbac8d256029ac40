import { MultiSelect, NumberInput, Radio, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { NeededTasks, StageTask } from "~/api/processes";

type Props = { needed: NeededTasks | null | undefined; tasks: StageTask[]; error?: string; onChange: (needed: NeededTasks | undefined) => void };

/** Which tasks must be done before a stage is complete. */
export function NeededTasksChoice({ needed, tasks, error, onChange }: Props) {
  const { t } = useTranslation("pipelines");
  const which = needed?.which ?? "required";
  const choose = (next: string) =>
    onChange(next === "chosen" ? { which: "chosen", tasks: tasks.filter((task) => task.required).map((task) => task.key) } : next === "number" ? { which: "number", n: 1 } : undefined);
  return (
    <Radio.Group label={t("neededTasks")} value={which} error={which === "required" ? error : undefined} onChange={choose}>
      <Stack gap={8} mt={6}>
        <Radio value="required" label={t("needed.required")} />
        <Radio value="chosen" label={t("needed.chosen")} />
        {needed?.which === "chosen" && (
          <MultiSelect ml={28} aria-label={t("needed.chosen")} hidePickedOptions data={tasks.map((task) => ({ value: task.key, label: task.name || t("unnamedTask") }))} value={needed.tasks} error={error} onChange={(keys) => onChange({ which: "chosen", tasks: keys })} />
        )}
        <Radio value="number" label={t("needed.number")} />
        {needed?.which === "number" && (
          <NumberInput ml={28} maw={160} aria-label={t("needed.number")} min={1} max={100} allowDecimal={false} value={needed.n} error={error} onChange={(n) => n !== "" && onChange({ which: "number", n: Number(n) })} />
        )}
      </Stack>
    </Radio.Group>
  );
}
