import { Alert, Button, Group, Modal, MultiSelect, PasswordInput, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { patch, post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { useAfterWrite, useObject } from "~/api/queries";
import type { Rec, Saved, Value } from "~/api/types";
import { RecordsSelect } from "~/fields/RecordsSelect";
import { useLabel } from "~/i18n";
import { PersonSelect } from "./PersonSelect";

const FIELDS = ["name", "email", "title", "job_level", "department", "further_departments", "manager", "roles", "password"];

/** A person: new, or one to change. */
export function PersonDialog({ person, onClose }: { person?: Rec; onClose: () => void }) {
  const { t } = useTranslation("people");
  const label = useLabel();
  const after = useAfterWrite();
  const fields = useObject("employee")?.fields ?? [];
  const has = (key: string) => fields.some((field) => field.key === key);
  const roles = fields.find((field) => field.key === "roles")?.options ?? [];
  const [changes, setChanges] = useState<Record<string, Value>>(person ? {} : { active: true });
  const [password, setPassword] = useState("");
  // A person saved whose password was then refused must not be created a second time.
  const [created, setCreated] = useState<Rec>();
  const shown = { ...person?.fields, ...changes };
  const set = (key: string, value: Value) => setChanges((now) => ({ ...now, [key]: value }));
  // Said nothing of: the department's head becomes the manager.
  const unset = (key: string) => setChanges(({ [key]: _, ...rest }) => rest);
  const text = (key: string) => (typeof shown[key] === "string" ? (shown[key] as string) : "");

  const save = useMutation({
    mutationFn: async () => {
      let record = created;
      if (person) record = (await patch<Saved>(`/records/employee/${person.id}`, { fields: changes }, { ifMatch: person.version })).record;
      else if (!record) {
        record = (await post<Saved>("/records/employee", { fields: changes })).record;
        setCreated(record);
      }
      if (password) await post(`/people/${record.id}/password`, { password });
      return record;
    },
    onSuccess: (record) => {
      after(record);
      notifications.show({ icon: <IconCheck size={18} />, message: t("saved", { name: String(record.fields["name"] ?? "") }) });
      onClose();
    },
  });
  const findings = findingsOfError(save.error, FIELDS);
  const errorAt = (field: string) => findings.byField[field]?.join(" ");

  return (
    <Modal opened onClose={onClose} title={person ? t("editPerson", { name: text("name") }) : t("newPerson")} closeButtonProps={{ "aria-label": t("close") }}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <TextInput data-autofocus label={t("name")} withAsterisk value={text("name")} error={errorAt("name")} onChange={(event) => set("name", event.currentTarget.value)} />
          <TextInput label={t("email")} type="email" value={text("email")} error={errorAt("email")} onChange={(event) => set("email", event.currentTarget.value || null)} />
          <Group grow gap="sm" align="flex-start">
            {has("title") && <TextInput label={t("position")} value={text("title")} error={errorAt("title")} onChange={(event) => set("title", event.currentTarget.value || null)} />}
            {has("job_level") && <TextInput label={t("jobLevel")} value={text("job_level")} error={errorAt("job_level")} onChange={(event) => set("job_level", event.currentTarget.value || null)} />}
          </Group>
          <PersonSelect
            object="department"
            label={t("department")}
            clearable
            value={text("department") || null}
            error={errorAt("department")}
            onChange={(id) => set("department", id)}
          />
          {has("further_departments") && (
            <RecordsSelect
              object="department"
              label={t("furtherDepartments")}
              value={Array.isArray(shown["further_departments"]) ? (shown["further_departments"] as string[]) : []}
              error={errorAt("further_departments")}
              onChange={(ids) => set("further_departments", ids)}
            />
          )}
          <PersonSelect
            label={t("manager")}
            placeholder={person ? undefined : t("managerByDefault")}
            clearable
            value={text("manager") || null}
            error={errorAt("manager")}
            onChange={(id) => (person || id ? set("manager", id) : unset("manager"))}
          />
          {roles.length > 0 && (
            <MultiSelect
              label={t("roles")}
              data={roles.map((role) => ({ value: role.key, label: label(role.label) }))}
              value={Array.isArray(shown["roles"]) ? (shown["roles"] as string[]) : []}
              error={errorAt("roles")}
              onChange={(keys) => set("roles", keys)}
            />
          )}
          {!person && (
            <PasswordInput
              label={t("password")}
              description={t("passwordLater")}
              autoComplete="new-password"
              value={password}
              error={errorAt("password")}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          {findings.general.length > 0 && (
            <Alert color="red" variant="light" role="alert">
              {findings.general.join(" ")}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={person !== undefined && Object.keys(changes).length === 0}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
