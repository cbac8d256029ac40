import { Alert, Button, Group, List, Loader, Modal, Stack, Text, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { findingsOfError, messageOf } from "~/api/problem";
import { keys, useObjects } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";

type Deleted = { along: Record<string, number>; let_go: { object: string; field: string; count: number }[] };
type Props = { object: ObjectDef; record: Rec; name: string; onClose: () => void };

/** Deleting for good: what goes along and what loses sight of it is asked of the server, and told before it is done. */
export function DeleteDialog({ object, record, name, onClose }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const language = useLanguage();
  const objects = useObjects();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [reason, setReason] = useState("");
  const address = `/records/${object.key}/${record.id}/delete`;
  const trial = useQuery({
    queryKey: ["records", object.key, "one", record.id, "delete"],
    queryFn: () => post<Deleted>(address, { dry_run: true }, { ifMatch: record.version }),
    retry: false,
    staleTime: 0,
  });
  const remove = useMutation({
    mutationFn: () => post<Deleted>(address, { reason: reason.trim() || undefined }, { ifMatch: record.version }),
    onSuccess: async () => {
      notifications.show({ message: t("actsDone_delete", { name }), color: "brand" });
      onClose();
      await navigate({ to: "/o/$object", params: { object: object.key } });
      client.removeQueries({ queryKey: keys.record(object.key, record.id) });
      void client.invalidateQueries({ queryKey: ["records"] });
    },
  });
  const of = (key: string) => objects.find((it) => it.key === key);
  const number = (value: number) => formatDecimal(value, language);
  const along = Object.entries(trial.data?.along ?? {}).map(([key, count]) => t("deleteAlong", { objects: label(of(key)?.plural) || key, shown: number(count) }));
  const letGo = (trial.data?.let_go ?? []).map(({ object: key, field, count }) =>
    t("deleteLetGo", { objects: label(of(key)?.plural) || key, field: label(of(key)?.fields.find((it) => it.key === field)?.label) || field, shown: number(count) }),
  );
  const refusal = remove.error ?? trial.error;
  const against = refusal ? findingsOfError(refusal, []).general : [];

  return (
    <Modal opened onClose={onClose} title={t("deleteTitle", { name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          remove.mutate();
        }}
      >
        <Stack gap="md">
          <Text>{t("deleteText")}</Text>
          {trial.isPending && <Loader size={20} role="status" aria-label={t("deleteTitle", { name })} />}
          {along.length + letGo.length > 0 && (
            <List size="sm" spacing={4}>
              {[...along, ...letGo].map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          )}
          {refusal && (
            <Alert color="red" variant="light" role="alert">
              {against.length > 0 ? against.map((line) => <p key={line} style={{ margin: 0 }}>{line}</p>) : messageOf(refusal)}
            </Alert>
          )}
          {trial.isSuccess && <Textarea label={t("reason", { ns: "ui" })} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} data-autofocus>
              {t("cancel", { ns: "ui" })}
            </Button>
            {trial.isSuccess && (
              <Button type="submit" color="red.8" loading={remove.isPending}>
                {t("delete")}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
