import { Alert, Button, Group, Paper, PasswordInput, Select, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconEye } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/client";
import { findingsOfError } from "~/api/problem";
import { keys, useMe, useSetup } from "~/api/queries";
import type { Me } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { DeputyCard } from "~/notices/DeputyCard";
import { Preferences } from "~/notices/Preferences";
import { Avatar } from "~/ui/Avatar";
import { Page } from "~/ui/Page";
import { SecondFactor } from "./SecondFactor";
import { secondFactorQuery } from "./secondFactorQuery";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";
import { useChooseLanguage } from "./useChooseLanguage";

const TIME_ZONES = Intl.supportedValuesOf("timeZone");

export function Profile() {
  const { t } = useTranslation("account");
  const me = useMe();
  const passwords = useSetup().data?.passwords ?? true;
  const label = useLabel();
  const client = useQueryClient();
  const chooseLanguage = useChooseLanguage();
  const timeZone = useMutation({
    mutationFn: (time_zone: string) => api.PATCH("/me", { body: { time_zone } }),
    onSuccess: (_, time_zone) => client.setQueryData<Me>(keys.me, (old) => (old ? { ...old, time_zone } : old)),
  });

  return (
    <Page
      title={t("profile")}
      narrow
      actions={
        <Button component={Link} to="/me/access" variant="default" leftSection={<IconEye size={16} stroke={1.7} />}>
          {t("sightOwn", { ns: "access" })}
        </Button>
      }
    >
      <Stack gap="md">
        <Group gap="md" wrap="nowrap">
          <Avatar name={me.person.name} size={48} />
          <div>
            <Text fw={600} size="lg">
              {me.person.name}
            </Text>
            <Text c="dimmed">
              {me.person.email} · {me.roles.map((role) => label(role.name)).join(", ")}
            </Text>
          </div>
        </Group>

        <Paper p="md">
          <h2 style={{ margin: "0 0 12px", fontSize: 15 }}>{t("preferences")}</h2>
          <Group gap="md" align="flex-start" grow>
            <Select
              label={t("language")}
              data={[
                { value: "en", label: "English" },
                { value: "zh-CN", label: "简体中文" },
              ]}
              value={me.language}
              allowDeselect={false}
              onChange={(value) => value && chooseLanguage(value === "zh-CN" ? "zh-CN" : "en")}
            />
            <Select label={t("timeZone")} data={[...new Set([me.time_zone, ...TIME_ZONES])]} value={me.time_zone} searchable limit={60} allowDeselect={false} onChange={(value) => value && timeZone.mutate(value)} />
          </Group>
        </Paper>

        <Preferences />
        <DeputyCard />
        {passwords && <Password />}
        <SecondFactor />
        <Sessions />
        <Tokens />
      </Stack>
    </Page>
  );
}

function Password() {
  const { t } = useTranslation("account");
  const { data: second } = useQuery(secondFactorQuery);
  const [form, setForm] = useState({ current: "", new: "" });
  const change = useMutation({
    mutationFn: () => api.POST("/me/password", { body: form }),
    onSuccess: () => {
      setForm({ current: "", new: "" });
      notifications.show({ message: t("changed"), color: "brand" });
    },
  });
  const findings = findingsOfError(change.error, ["current", "new"]);
  // Whoever comes by the organisation's account alone has none to change.
  if (second && !second.has_password) return null;
  return (
    <Paper p="md">
      <h2 style={{ margin: "0 0 12px", fontSize: 15 }}>{t("changePassword")}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <GeneralFindings findings={findings} />
        <Group gap="md" align="flex-start" grow>
          <PasswordInput label={t("current")} autoComplete="current-password" required withAsterisk={false} value={form.current} error={findings.byField.current?.join(" ")} onChange={(event) => setForm({ ...form, current: event.currentTarget.value })} />
          <PasswordInput label={t("new")} autoComplete="new-password" required withAsterisk={false} value={form.new} error={findings.byField.new?.join(" ")} onChange={(event) => setForm({ ...form, new: event.currentTarget.value })} />
        </Group>
        <Group justify="flex-end" mt="sm">
          <Button type="submit" variant="default" loading={change.isPending}>
            {t("changePassword")}
          </Button>
        </Group>
      </form>
      {change.isSuccess && (
        <Alert mt="sm" variant="light" color="brand" role="status">
          {t("changed")}
        </Alert>
      )}
    </Paper>
  );
}
