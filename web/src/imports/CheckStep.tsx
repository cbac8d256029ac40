import { Button, Group, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportOptions } from "~/api/imports";
import { useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import { AlikeRows } from "./AlikeRows";
import { fingerprint, type Answer, type Draft } from "./draft";
import { ImportCounts } from "./ImportCounts";
import { ImportProgress } from "./ImportProgress";
import { LeftOpen } from "./LeftOpen";
import { Note } from "./Note";
import { ProblemTable } from "./ProblemTable";
import { Questions } from "./Questions";
import { StepTable } from "./StepTable";
import { isUnderWay, useImport } from "./useImports";

type Props = {
  draft: Draft;
  busy: boolean;
  error: unknown;
  onAnswer: (answers: Answer[]) => void;
  onTakeBack: (answer: Answer) => void;
  onCreateAll: (step: number, column: string) => void;
  onOptions: (step: number, change: Partial<ImportOptions>) => void;
  onCheck: () => void;
  onBack: () => void;
  onImport: () => void;
};

/** What would happen: how many rows, what is not understood, every problem. Nothing has been written yet. */
export function CheckStep({ draft, busy, error, onAnswer, onTakeBack, onCreateAll, onOptions, onCheck, onBack, onImport }: Props) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const followed = useImport(draft.check?.id);
  const checked = followed.data;
  const under = checked !== undefined && isUnderWay(checked);
  const outdated = draft.check?.of !== fingerprint(draft);
  const whole = checked !== undefined && !under && checked.state === "done";
  const through = checked ? checked.rows - checked.failed : 0;
  return (
    <Stack gap="md">
      {error != null && <ErrorState compact error={error} />}
      {followed.isError && <ErrorState compact error={followed.error} onRetry={onCheck} />}
      {!checked && !followed.isError && error == null && <RowSkeletons rows={4} />}
      {under && <ImportProgress of={checked} />}
      {checked && !under && checked.state !== "done" && (
        <Note kind="bad">
          <b>{t(checked.state === "cancelled" ? "checkStopped" : "checkFailed")}</b>
          {checked.error && <p>{checked.error}</p>}
        </Note>
      )}
      {whole && (
        <>
          <Note kind={checked.problem_count === 0 ? "good" : "plain"}>{checked.problem_count === 0 ? `${t("checkedClean")} ${t("checked")}` : t("checked")}</Note>
          <LeftOpen warnings={checked.steps.flatMap((step) => step.warnings)} />
          <ImportCounts of={checked} dry />
          <Questions draft={draft} checked={checked} busy={busy} onAnswer={onAnswer} onTakeBack={onTakeBack} onCreateAll={onCreateAll} />
          {checked.steps.length > 1 && <StepTable of={checked} />}
          <AlikeRows of={checked} draft={draft} onOptions={onOptions} />
          <ProblemTable of={checked} />
        </>
      )}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack} disabled={busy}>
          {t("back")}
        </Button>
        <Group gap="sm">
          {outdated && !under && (
            <Button variant={whole ? "default" : "filled"} loading={busy} onClick={onCheck}>
              {t("checkAgain")}
            </Button>
          )}
          {whole && (
            <Button onClick={onImport} loading={busy} disabled={outdated || through === 0}>
              {t("importRows", { count: through, shown: formatDecimal(through, language) })}
            </Button>
          )}
        </Group>
      </Group>
    </Stack>
  );
}

