import { Alert, Button, Group, NumberInput, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ChangeEvent } from "react";
import { useTranslation } from "react-i18next";
import { useMailSettings, useSaveMailSettings, useTestMail, type MailDocument, type MailSecurity, type MailSettings as Settings } from "~/api/mail";
import { findingsOfError, isConflict } from "~/api/problem";
import { useMe } from "~/api/queries";
import { GeneralFindings } from "~/fields/FieldForm";
import { told } from "~/objects/told";
import classes from "~/security/security.module.css";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { OutgoingMail } from "./OutgoingMail";

const KEYS = ["host", "port", "security", "user", "password", "sender_name", "sender_address"] as const;
const PORTS: Record<MailSecurity, number> = { none: 25, starttls: 587, tls: 465 };

/** By which server e-mail goes out, and what has gone or waits. */
export function MailSettings() {
  const { t } = useTranslation("mail");
  const settings = useMailSettings();
  return (
    <Page title={t("title")} narrow>
      {settings.isError ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
      ) : settings.data ? (
        <>
          <Form key={settings.data.version} stored={settings.data} />
          <OutgoingMail />
        </>
      ) : (
        <RowSkeletons rows={8} height={34} />
      )}
    </Page>
  );
}

function Form({ stored }: { stored: Settings }) {
  const { t } = useTranslation("mail");
  const me = useMe();
  const client = useQueryClient();
  const [changes, setChanges] = useState<Partial<MailDocument>>({});
  const save = useSaveMailSettings();
  const test = useTestMail();
  const { host, port, security, user, sender_name, sender_address } = { ...stored, ...changes };
  const document: MailDocument = { host, port, security, user, sender_name, sender_address, ...(changes.password ? { password: changes.password } : {}) };
  const set = (part: Partial<MailDocument>) => {
    save.reset();
    test.reset();
    setChanges({ ...changes, ...part });
  };
  const changed = Object.keys(changes).length > 0;
  const refusal = save.error ?? test.error;
  const findings = isConflict(save.error) ? { byField: {} as Record<string, string[]>, general: [t("changedMeanwhile")] } : findingsOfError(refusal, KEYS);
  const text = (key: "host" | "user" | "sender_name" | "sender_address") => ({
    label: t(key),
    value: (changes[key] ?? stored[key]) ?? "",
    error: findings.byField[key]?.join(" "),
    disabled: stored.fixed,
    onChange: (event: ChangeEvent<HTMLInputElement>) => set({ [key]: event.currentTarget.value || null }),
  });
  // A password belongs to one server and one user.
  const kept = stored.has_password && host === stored.host && user === stored.user;

  return (
    <section className={classes.section} aria-labelledby="mail-server">
      <h2 className={classes.heading} id="mail-server">
        {t("server")}
      </h2>
      <p className={classes.hint}>{t("serverHint")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ document, version: stored.version }, { onSuccess: () => told(t(document.host ? "saved" : "savedOff")) });
        }}
      >
        <Stack gap="md">
          {stored.fixed && (
            <Alert variant="light" color="gray">
              {t("fixed")}
            </Alert>
          )}
          <GeneralFindings findings={findings} />
          <div className={classes.pair}>
            <TextInput {...text("host")} placeholder="mail.example.com" description={t("hostHint")} autoComplete="off" />
            <NumberInput label={t("port")} description={t("portHint", { port: PORTS[security] })} min={1} max={65535} clampBehavior="none" disabled={stored.fixed} value={port ?? ""} placeholder={String(PORTS[security])} error={findings.byField["port"]?.join(" ")} onChange={(value) => set({ port: value === "" ? null : Number(value) })} />
            <Select
              label={t("security")}
              allowDeselect={false}
              disabled={stored.fixed}
              data={(["starttls", "tls", "none"] as const).map((value) => ({ value, label: t(`securities.${value}`) }))}
              value={security}
              error={findings.byField["security"]?.join(" ")}
              // The usual port goes with it, as long as nobody has chosen another.
              onChange={(value) => value && set({ security: value as MailSecurity, ...(port === PORTS[security] ? { port: PORTS[value as MailSecurity] } : {}) })}
            />
            <span />
            <TextInput {...text("user")} autoComplete="off" />
            <PasswordInput
              label={t("password")}
              autoComplete="new-password"
              disabled={stored.fixed}
              placeholder={kept ? t("passwordKept") : undefined}
              value={changes.password ?? ""}
              error={findings.byField["password"]?.join(" ")}
              onChange={(event) => set({ password: event.currentTarget.value || undefined })}
            />
            <TextInput {...text("sender_name")} placeholder={me.organisation.name} />
            <TextInput {...text("sender_address")} placeholder="crm@example.com" inputMode="email" />
          </div>
          {test.data && (
            <Alert color={test.data.ok ? "brand" : "red"} variant="light" role="status">
              {test.data.ok ? t("testSent", { address: test.data.address }) : t("testFailed", { reason: test.data.reason ?? "" })}
            </Alert>
          )}
          {isConflict(save.error) && (
            <Group>
              <Button variant="default" onClick={() => void client.invalidateQueries({ queryKey: ["mail", "settings"] })}>
                {t("showPresent")}
              </Button>
            </Group>
          )}
          {stored.configured && !stored.links && (
            <Alert variant="light" color="yellow">
              {t("noLinks")}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" leftSection={<IconSend size={16} stroke={1.7} />} loading={test.isPending} disabled={!stored.configured || changed} onClick={() => test.mutate()}>
              {t("test")}
            </Button>
            {!stored.fixed && (
              <Button type="submit" loading={save.isPending} disabled={!changed}>
                {t("save", { ns: "ui" })}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </section>
  );
}
