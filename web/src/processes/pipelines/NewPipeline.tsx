import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { beginDraft, useAfterProcesses, useProcessList, type Process } from "~/api/processes";
import { findingsOfError } from "~/api/problem";
import { GeneralFindings } from "~/fields/FieldForm";
import { copyOf, documentOf, emptyProcess } from "./arranging";

/** Begins the draft of a new process, from nothing or as a copy. */
export function NewPipeline({ from, onClose }: { from?: Process; onClose: () => void }) {
  const { t } = useTranslation("pipelines");
  const navigate = useNavigate();
  const after = useAfterProcesses();
  const processes = useProcessList().data?.items ?? [];
  const [name, setName] = useState(from ? t("copyName", { name: from.name }) : "");
  const [source, setSource] = useState<string | null>(null);
  const begin = useMutation({
    mutationFn: () => {
      const model = from ?? processes.find((it) => it.id === source);
      const last = processes.length + 1;
      return beginDraft(documentOf(model ? { ...copyOf(model, name.trim(), last), active: true } : emptyProcess(name.trim(), last)));
    },
    onSuccess: async (draft) => {
      after();
      onClose();
      await navigate({ to: "/admin/pipelines/$id", params: { id: draft.process.id } });
    },
  });
  const findings = findingsOfError(begin.error, ["name"]);
  return (
    <Modal opened onClose={onClose} title={t(from ? "copyTitle" : "newPipeline", { name: from?.name })}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate();
        }}
      >
        <Stack gap="md">
          <GeneralFindings findings={findings} />
          <TextInput data-autofocus label={t("name")} withAsterisk value={name} error={findings.byField["name"]?.join(" ")} onChange={(event) => (begin.reset(), setName(event.currentTarget.value))} />
          {!from && processes.length > 0 && (
            <Select label={t("beginWith")} description={t("beginWithHint")} placeholder={t("beginWithNothing")} clearable data={processes.map((it) => ({ value: it.id, label: it.name }))} value={source} onChange={setSource} />
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={begin.isPending} disabled={!name.trim()}>
              {t("beginDraft")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
