import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { recordQuery, useAfterWrite } from "~/api/queries";
import type { Rec, Saved } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { toldWithUndo } from "~/ui/undoable";

type Props = { id: string; name: string; onClose: () => void };

/** Says what is above an account; that nobody stands above himself, the server says. */
export function ParentDialog({ id, name, onClose }: Props) {
  const { t } = useTranslation("accounts");
  const record = useQuery({ ...recordQuery("account", id), staleTime: 0 });
  return (
    <Modal opened onClose={onClose} title={t("parentTitle", { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      {record.isError ? <ErrorState compact error={record.error} /> : record.data && !record.isFetching ? <Form record={record.data} name={name} onClose={onClose} /> : <RowSkeletons rows={2} />}
    </Modal>
  );
}

function Form({ record: given, name, onClose }: { record: Rec; name: string; onClose: () => void }) {
  const { t } = useTranslation("accounts");
  const after = useAfterWrite();
  // As it was when one began; live news must not slip a newer version under what is being said.
  const [record] = useState(given);
  const before = typeof record.fields.parent === "string" ? record.fields.parent : null;
  const [parent, setParent] = useState<{ id: string; name?: string } | null>(before ? { id: before, name: record.refs?.[before]?.name } : null);
  const save = useMutation({
    mutationFn: () => patch<Saved>(`/records/account/${record.id}`, { fields: { parent: parent?.id ?? null } }, { ifMatch: record.version }),
    onSuccess: ({ record: saved }) => {
      after(saved);
      toldWithUndo({
        message: parent ? t("moved", { name, parent: parent.name ?? saved.refs?.[parent.id]?.name ?? "" }) : t("freed", { name }),
        undo: t("undo", { ns: "ui" }),
        onUndo: async () => after((await patch<Saved>(`/records/account/${record.id}`, { fields: { parent: before } }, { ifMatch: saved.version })).record),
        undone: t("asBefore"),
      });
      onClose();
    },
  });
  if (!record.can?.includes("edit")) return <Alert color="gray">{t("mayNot")}</Alert>;
  const findings = findingsOfError(save.error, ["parent"]);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if ((parent?.id ?? null) === before) onClose();
        else save.mutate();
      }}
    >
      <Stack gap="sm">
        <GeneralFindings findings={findings} />
        <RecordSelect
          object="account"
          label={t("parent")}
          description={t("parentHint")}
          data-autofocus
          value={parent?.id ?? null}
          name={parent?.name}
          error={findings.byField.parent?.join(" ")}
          onChange={(chosen, called) => {
            save.reset();
            setParent(chosen ? { id: chosen, name: called } : null);
          }}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("cancel", { ns: "ui" })}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
