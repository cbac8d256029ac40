import { Button, Group, Modal, PasswordInput, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import type { Rec } from "~/api/types";

/** Gives a person a password to sign in with. */
export function PasswordDialog({ person, onClose }: { person: Rec; onClose: () => void }) {
  const { t } = useTranslation("people");
  const name = String(person.fields["name"] ?? "");
  const [password, setPassword] = useState("");
  const save = useMutation({
    mutationFn: () => post(`/people/${person.id}/password`, { password }),
    onSuccess: () => {
      notifications.show({ icon: <IconCheck size={18} />, message: t("passwordSet", { name }) });
      onClose();
    },
  });
  const findings = findingsOfError(save.error, ["password"]);
  const error = [...(findings.byField["password"] ?? []), ...findings.general].join(" ");
  return (
    <Modal opened onClose={onClose} title={t("setPasswordFor", { name })} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="md">
          <PasswordInput
            data-autofocus
            label={t("password")}
            description={t("passwordHint")}
            autoComplete="new-password"
            value={password}
            error={error || undefined}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={password === ""}>
              {t("setPassword")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
