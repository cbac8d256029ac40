import { Alert, Button, Code, CopyButton, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "~/api/client";
import { ApiProblem } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import classes from "./account.module.css";
import { RecoveryCodes } from "./RecoveryCodes";

type Props = {
  /** Begin at once. */
  begin?: boolean;
  onBegun?: () => void;
  onDone: () => void;
  onCancel?: () => void;
};

/** Setting up a second factor: the secret goes into the app, a first code comes back, recovery codes are kept. */
export function EnrolSteps({ begin, onBegun, onDone, onCancel }: Props) {
  const { t } = useTranslation("account");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const start = useMutation({ mutationFn: () => bodyOf(api.POST("/me/second-factor", { body: password ? { password } : {} })), onSuccess: onBegun });
  const confirm = useMutation({ mutationFn: () => bodyOf(api.POST("/me/second-factor/confirm", { body: { code } })) });
  const begun = useRef(false);
  const { mutate } = start;
  useEffect(() => {
    if (begin && !begun.current) mutate();
    begun.current = true;
  }, [begin, mutate]);

  if (confirm.data) return <RecoveryCodes codes={confirm.data.recovery_codes} onDone={onDone} />;

  if (!start.data) {
    const found = findingsOfError(start.error, ["password"]);
    // The first try goes without the password: whoever has just signed in is not asked for it.
    const asked = start.error instanceof ApiProblem && found.byField.password !== undefined;
    const first = asked && start.error instanceof ApiProblem && start.error.violations[0]?.code === "field.required";
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <Stack gap="sm">
          {asked && (
            <PasswordInput label={t("current")} description={t("passwordFirst")} autoComplete="current-password" autoFocus value={password} error={first ? undefined : found.byField.password?.join(" ")} onChange={(event) => setPassword(event.currentTarget.value)} />
          )}
          {found.general.length > 0 && (
            <Alert color="red" variant="light" role="alert">
              {found.general.join(" ")}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            {onCancel && (
              <Button variant="default" onClick={onCancel}>
                {t("cancel")}
              </Button>
            )}
            <Button type="submit" loading={start.isPending} disabled={asked && password === ""}>
              {t("continue")}
            </Button>
          </Group>
        </Stack>
      </form>
    );
  }

  const { secret, qr } = start.data;
  const found = findingsOfError(confirm.error, ["code"]);
  const grouped = secret.match(/.{1,4}/g)?.join(" ") ?? secret;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <div className={classes.enrol}>
        <img className={classes.qr} alt={t("qrAlt")} src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(qr)}`} />
        <Stack gap="sm" flex={1}>
          <div>
            <Text fw={600} component="h3" m={0}>
              {t("stepScan")}
            </Text>
            <Text c="dimmed">{t("stepScanHint")}</Text>
            <Group gap="xs" mt={6}>
              <Code className={classes.secret}>{grouped}</Code>
              <CopyButton value={secret}>
                {({ copied, copy }) => (
                  <Button size="compact-sm" variant="default" onClick={copy}>
                    {copied ? t("copied") : t("copy")}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </div>
          <TextInput label={t("stepCode")} name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={7} required withAsterisk={false} value={code} error={[...(found.byField.code ?? []), ...found.general].join(" ") || undefined} onChange={(event) => setCode(event.currentTarget.value)} />
          <Group justify="flex-end" gap="sm">
            {onCancel && (
              <Button variant="default" onClick={onCancel}>
                {t("cancel")}
              </Button>
            )}
            <Button type="submit" loading={confirm.isPending}>
              {t("confirmCode")}
            </Button>
          </Group>
        </Stack>
      </div>
    </form>
  );
}
