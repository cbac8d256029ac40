import { Button, Group, Modal, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "@tanstack/react-router";
import type { ObjectDef, Rec } from "~/api/types";
import { RecordSelect } from "~/fields/RecordSelect";
import { MergeDialog } from "./MergeDialog";

/** From a record: which other one it is, then the merge of both. */
export function MergeWith({ object, record, name, onClose }: { object: ObjectDef; record: Rec; name: string; onClose: () => void }) {
  const { t } = useTranslation("merging");
  const navigate = useNavigate();
  const [other, setOther] = useState<string | null>(null);
  const [sure, setSure] = useState(false);
  if (sure && other) {
    return (
      <MergeDialog
        object={object}
        ids={[record.id, other]}
        onClose={(done) => {
          onClose();
          const stays = done?.record?.id;
          if (stays && stays !== record.id) void navigate({ to: "/o/$object/$id", params: { object: object.key, id: stays } });
        }}
      />
    );
  }
  return (
    <Modal opened onClose={onClose} title={t("mergeNamed", { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setSure(true);
        }}
      >
        <Stack gap="md">
          <RecordSelect label={t("other")} description={t("otherHint")} object={object.key} value={other} onChange={(id) => setOther(id === record.id ? null : id)} data-autofocus />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" disabled={!other}>
              {t("next")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
