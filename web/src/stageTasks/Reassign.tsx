import { Button, Group, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { useReassignStageTask, type StageTask } from "~/api/stageTasks";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";

/** Gives a task to somebody else. */
export function Reassign({ task, name: present, onClose }: { task: StageTask; /** Whose it is. */ name?: string; onClose: () => void }) {
  const { t } = useTranslation("stageTasks");
  const [chosen, setChosen] = useState<{ id: string; name?: string }>();
  const give = useReassignStageTask(task.id);
  const findings = findingsOfError(give.error, ["assignee"]);
  return (
    <Modal opened onClose={onClose} size={420} title={`${t("reassign")}: ${task.name}`} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (!chosen) return;
          give.mutate(chosen.id, {
            onSuccess: () => {
              notifications.show({ message: t("reassigned", { task: task.name, name: chosen.name ?? "" }) });
              onClose();
            },
          });
        }}
      >
        <GeneralFindings findings={findings} />
        <RecordSelect
          label={t("assignee")}
          object="employee"
          description={present ? t("assignedTo", { name: present }) : undefined}
          value={chosen?.id ?? null}
          name={chosen?.name}
          data-autofocus
          error={findings.byField["assignee"]?.join(" ")}
          onChange={(id, name) => setChosen(id ? { id, name } : undefined)}
        />
        <Group justify="flex-end" gap="sm" mt="md">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" disabled={!chosen} loading={give.isPending}>
            {t("give")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
