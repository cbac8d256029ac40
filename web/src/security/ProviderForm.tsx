import { Alert, Button, Code, CopyButton, Group, PasswordInput, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "~/api/client";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { keys, useObject } from "~/api/queries";
import type { components } from "~/api/schema";
import { useLabel } from "~/i18n";
import { ConfirmButton } from "~/ui/ConfirmButton";
import classes from "./security.module.css";
import { SETTINGS } from "./settings";

type Settings = components["schemas"]["SignInSettings"];
type Provider = components["schemas"]["ProviderSettings"];

const NEW: Provider = {
  active: true,
  issuer: "",
  client_id: "",
  button: "",
  email_claim: "email",
  email_always_verified: false,
  make_people: false,
  role: null,
  ask_second_factor: false,
  sign_out_there: false,
  has_secret: false,
};

/** The provider of OpenID Connect by which one may sign in. */
export function ProviderForm({ stored }: { stored: Settings }) {
  const { t } = useTranslation("security");
  const label = useLabel();
  const client = useQueryClient();
  const roles = useObject("employee")?.fields.find((field) => field.key === "roles")?.options ?? [];
  const before = stored.provider ?? NEW;
  const [changes, setChanges] = useState<Partial<Provider>>({});
  const form: Provider = { ...before, ...changes };
  const [secret, setSecret] = useState("");
  const set = (change: Partial<Provider>) => setChanges({ ...changes, ...change });
  const write = (provider: (Omit<Provider, "has_secret"> & { client_secret?: string }) | null) =>
    bodyOf(api.PATCH("/sign-in-settings", { params: { header: { "If-Match": `"${stored.version}"` } }, body: { provider } }));
  const after = (saved: Settings) => {
    setChanges({});
    setSecret("");
    client.setQueryData(SETTINGS, saved);
    void client.invalidateQueries({ queryKey: keys.setup });
    notifications.show({ message: t("saved"), color: "brand" });
  };
  const save = useMutation({
    mutationFn: () => {
      const { has_secret: _, ...provider } = form;
      return write({ ...provider, ...(secret ? { client_secret: secret } : {}) });
    },
    onSuccess: after,
  });
  const attempt = useMutation({ mutationFn: () => bodyOf(api.POST("/sign-in-settings/try-provider", { body: { issuer: form.issuer } })) });
  const violations = save.error instanceof ApiProblem ? save.error.violations : [];
  const errorAt = (key: string) => violations.filter((one) => one.path === `provider.${key}`).map((one) => one.message).join(" ") || undefined;
  const other = violations.filter((one) => !one.path?.startsWith("provider.")).map((one) => one.message);
  const text = (key: "issuer" | "client_id" | "button" | "email_claim") => ({
    label: t(`provider_${key}`),
    value: form[key],
    error: errorAt(key),
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [key]: event.currentTarget.value }),
  });
  const choice = (key: "active" | "email_always_verified" | "make_people" | "ask_second_factor" | "sign_out_there") => ({
    label: t(`provider_${key}`),
    description: t(`provider_${key}_hint`),
    checked: form[key],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [key]: event.currentTarget.checked }),
  });
  // A secret belongs to one address and one client.
  const kept = form.has_secret && form.issuer.trim() === before.issuer && form.client_id.trim() === before.client_id;

  return (
    <section className={classes.section} aria-labelledby="sign-in-provider">
      <h2 className={classes.heading} id="sign-in-provider">{t("provider")}</h2>
      <p className={classes.hint}>{t("providerHint")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="md">
          <div>
            <Text size="sm" fw={600}>
              {t("redirectUri")}
            </Text>
            {stored.redirect_uri ? (
              <Group gap="xs" mt={4}>
                <Code style={{ overflowWrap: "anywhere" }}>{stored.redirect_uri}</Code>
                <CopyButton value={stored.redirect_uri}>
                  {({ copied, copy }) => (
                    <Button size="compact-sm" variant="default" onClick={copy}>
                      {copied ? t("copied") : t("copy")}
                    </Button>
                  )}
                </CopyButton>
              </Group>
            ) : (
              <Alert color="yellow" variant="light" mt={4}>
                {t("noPublicUrl")}
              </Alert>
            )}
          </div>
          <Group align="flex-end" gap="sm" wrap="nowrap">
            <TextInput {...text("issuer")} placeholder="https://login.example.com" inputMode="url" style={{ flex: 1 }} />
            <Button variant="default" onClick={() => attempt.mutate()} loading={attempt.isPending} disabled={form.issuer.trim() === ""}>
              {t("tryProvider")}
            </Button>
          </Group>
          {(attempt.data || attempt.isError) && (
            <Alert color={attempt.data?.ok ? "brand" : "red"} variant="light" role="status">
              {attempt.data?.ok ? t("providerAnswers", { count: attempt.data.keys }) : t("providerFails", { reason: attempt.data?.reason ?? reasonOf(attempt.error) })}
            </Alert>
          )}
          <div className={classes.pair}>
            <TextInput {...text("client_id")} autoComplete="off" />
            <PasswordInput label={t("provider_client_secret")} placeholder={kept ? t("secretKept") : undefined} autoComplete="new-password" value={secret} error={errorAt("client_secret")} onChange={(event) => setSecret(event.currentTarget.value)} />
            <TextInput {...text("button")} placeholder={t("byProvider", { ns: "account" })} />
            <TextInput {...text("email_claim")} description={t("provider_email_claim_hint")} />
          </div>
          <Switch {...choice("email_always_verified")} />
          <Switch {...choice("make_people")} />
          {form.make_people && (
            <Select
              label={t("provider_role")}
              style={{ maxWidth: 320 }}
              data={roles.filter((role) => role.active).map((role) => ({ value: role.key, label: label(role.label) || role.key }))}
              value={form.role ?? null}
              error={errorAt("role")}
              onChange={(role) => set({ role })}
            />
          )}
          <Switch {...choice("ask_second_factor")} />
          <Switch {...choice("sign_out_there")} />
          <Switch {...choice("active")} />
          {save.isError && (violations.length === 0 || other.length > 0) && (
            <Alert color="red" variant="light" role="alert">
              {isConflict(save.error) ? t("changedMeanwhile") : other.join(" ") || messageOf(save.error)}
            </Alert>
          )}
          <Group gap="sm">
            <Button type="submit" loading={save.isPending} disabled={JSON.stringify(form) === JSON.stringify(before) && secret === ""}>
              {t("saveProvider")}
            </Button>
            {stored.provider && (
              <ConfirmButton variant="subtle" color="red" title={t("removeProviderTitle")} text={t("removeProviderText")} confirm={t("removeProvider")} danger onConfirm={async () => after(await write(null))}>
                {t("removeProvider")}
              </ConfirmButton>
            )}
          </Group>
        </Stack>
      </form>
    </section>
  );
}

function reasonOf(error: unknown): string {
  return error instanceof ApiProblem && error.violations[0] ? error.violations[0].message : messageOf(error);
}
