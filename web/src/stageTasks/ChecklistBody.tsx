import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { GeneralFindings } from "~/fields/FieldForm";
import { useCompletion, type BodyProps } from "./body";
import { useSubmitKey } from "./useSubmitKey";

/** A task that is nothing but to be ticked, with a note where one matters. */
export function ChecklistBody({ task, onDone, onCancel }: BodyProps) {
  const { t } = useTranslation("stageTasks");
  const [note, setNote] = useState("");
  const completion = useCompletion(task, onDone);
  const findings = findingsOfError(completion.error, ["note"]);
  const submit = () => completion.send({ note: note.trim() || undefined });
  const onKeyDown = useSubmitKey(submit);
  return (
    <form
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        submit();
      }}
    >
      <GeneralFindings findings={findings} />
      <Textarea label={t("note")} description={t("noteHint")} autosize minRows={1} data-autofocus value={note} error={findings.byField["note"]?.join(" ")} onChange={(event) => setNote(event.currentTarget.value)} />
      <Group gap="xs" mt="sm">
        <Button type="submit" loading={completion.isPending}>
          {t("complete")}
        </Button>
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
        )}
      </Group>
    </form>
  );
}
