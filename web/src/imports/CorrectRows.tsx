import { Button, Group, Select, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { API_ROOT } from "~/api/http";
import type { Import, ImportFile } from "~/api/imports";
import { useDraft, withOptions, type Draft } from "./draft";
import classes from "./imports.module.css";
import { UploadZone } from "./UploadZone";

type Props = { of: Import; /** What was asked. */ draft: Draft };

/** Rows that stayed out or lost a value are put right in a file of their own and sent again, by the same mapping. */
export function CorrectRows({ of, draft }: Props) {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const { setDraft } = useDraft();
  const faulty = of.steps.flatMap((step, index) => (step.problem_count > 0 ? [index] : []));
  const [chosen, setChosen] = useState(faulty[0] ?? 0);
  const step = draft.steps[chosen];
  if (faulty.length === 0 || !step) return null;
  const take = ([file]: ImportFile[]) => {
    if (!file) return;
    const known = new Set(Object.keys(step.options.mapping ?? {}));
    // What the file tells of the failure is no column of the records.
    const told = file.columns.filter((column) => !known.has(column.name)).map((column) => [column.name, null] as const);
    const next: Draft = { files: [file.id], plan: null, steps: [{ file: file.id, options: step.options }] };
    setDraft(withOptions(next, 0, { mapping: { ...step.options.mapping, ...Object.fromEntries(told) } }));
    void navigate({ to: "/imports/new", search: { at: "mapping" } });
  };
  return (
    <section className={classes.correct} aria-label={t("correct")}>
      <h2 className={classes.subtitle}>{t("correct")}</h2>
      <Text size="sm" c="dimmed">
        {t("correctHint")}
      </Text>
      <Group gap="sm">
        {faulty.length > 1 && <Select size="xs" w={240} aria-label={t("file")} allowDeselect={false} data={faulty.map((index) => ({ value: String(index), label: of.steps[index]?.file_name ?? "" }))} value={String(chosen)} onChange={(value) => setChosen(Number(value))} />}
        <Button component="a" href={`${API_ROOT}/imports/${of.id}/failed.csv?step=${chosen}`} download size="compact-md" variant="default" leftSection={<IconDownload size={15} />}>
          {t("failedFile")}
        </Button>
      </Group>
      <UploadZone compact words={t("dropCorrected")} onFiles={take} />
    </section>
  );
}
