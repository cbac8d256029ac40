import { Alert, Button, Group, NumberInput, Radio, Stack, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "~/api/client";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { keys } from "~/api/queries";
import type { components } from "~/api/schema";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { ProviderForm } from "./ProviderForm";
import classes from "./security.module.css";
import { SETTINGS } from "./settings";

type Settings = components["schemas"]["SignInSettings"];

/** How one signs in: what administrators choose for everybody. */
export function SignInSettings() {
  const { t } = useTranslation("security");
  const settings = useQuery({ queryKey: SETTINGS, queryFn: () => bodyOf(api.GET("/sign-in-settings")) });
  return (
    <Page title={t("title")} above={t("hint")} narrow>
      {settings.isError && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isPending && <RowSkeletons rows={8} height={34} />}
      {settings.data && (
        <>
          <Form stored={settings.data} />
          <ProviderForm stored={settings.data} />
        </>
      )}
    </Page>
  );
}

function Form({ stored }: { stored: Settings }) {
  const { t } = useTranslation("security");
  const client = useQueryClient();
  // Only what was changed here is sent: what somebody else saves meanwhile, or what the form below saves, stays.
  const [changes, setChanges] = useState<Partial<Pick<Settings, "passwords" | "lock_out" | "sessions" | "second_factor">>>({});
  const form = { ...stored, ...changes };
  const setForm = ({ passwords, lock_out, sessions, second_factor }: Settings) => setChanges(changed(stored, { passwords, lock_out, sessions, second_factor }));
  const { passwords, lock_out, sessions, second_factor } = form;
  const save = useMutation({
    mutationFn: () =>
      bodyOf(api.PATCH("/sign-in-settings", { params: { header: { "If-Match": `"${stored.version}"` } }, body: changes })),
    onSuccess: (saved) => {
      setChanges({});
      client.setQueryData(SETTINGS, saved);
      void client.invalidateQueries({ queryKey: keys.setup });
      // Who asks may be among those of whom more is asked now.
      void client.invalidateQueries({ queryKey: keys.me, exact: true });
      notifications.show({ message: t("saved"), color: "brand" });
    },
  });
  const violations = save.error instanceof ApiProblem ? save.error.violations : [];
  const errorAt = (path: string) => violations.filter((one) => one.path === path).map((one) => one.message).join(" ") || undefined;
  const number = (value: string | number) => (typeof value === "number" ? value : Number.parseInt(value, 10) || 0);
  const days = sessions.hours % 24 === 0 && sessions.hours >= 48;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <section className={classes.section} aria-labelledby="sign-in-passwords">
        <h2 className={classes.heading} id="sign-in-passwords">{t("passwords")}</h2>
        <p className={classes.hint}>{t("passwordsHint")}</p>
        <Stack gap="md">
          <Switch label={t("passwordsAllowed")} description={t("passwordsAllowedHint")} checked={passwords.allowed} error={errorAt("passwords.allowed")} onChange={(event) => setForm({ ...form, passwords: { ...passwords, allowed: event.currentTarget.checked } })} />
          <div className={classes.pair}>
            <NumberInput label={t("minLength")} min={8} max={64} clampBehavior="none" value={passwords.min_length} error={errorAt("passwords.min_length")} onChange={(value) => setForm({ ...form, passwords: { ...passwords, min_length: number(value) } })} />
          </div>
          <Switch label={t("refuseGuessable")} description={t("refuseGuessableHint")} checked={passwords.refuse_guessable} onChange={(event) => setForm({ ...form, passwords: { ...passwords, refuse_guessable: event.currentTarget.checked } })} />
        </Stack>
      </section>

      <section className={classes.section} aria-labelledby="sign-in-lock-out">
        <h2 className={classes.heading} id="sign-in-lock-out">{t("lockOut")}</h2>
        <p className={classes.hint}>{t("lockOutHint")}</p>
        <div className={classes.pair}>
          <NumberInput label={t("lockAfter")} min={3} max={100} clampBehavior="none" value={lock_out.after} error={errorAt("lock_out.after")} onChange={(value) => setForm({ ...form, lock_out: { ...lock_out, after: number(value) } })} />
          <NumberInput label={t("lockMinutes")} min={1} max={1440} clampBehavior="none" value={lock_out.minutes} error={errorAt("lock_out.minutes")} onChange={(value) => setForm({ ...form, lock_out: { ...lock_out, minutes: number(value) } })} />
        </div>
      </section>

      <section className={classes.section} aria-labelledby="sign-in-sessions">
        <h2 className={classes.heading} id="sign-in-sessions">{t("sessions")}</h2>
        <p className={classes.hint}>{t("sessionsHint")}</p>
        <div className={classes.pair}>
          <NumberInput label={t("sessionHours")} description={days ? t("inDays", { count: sessions.hours / 24 }) : undefined} min={1} max={8760} clampBehavior="none" value={sessions.hours} error={errorAt("sessions.hours")} onChange={(value) => setForm({ ...form, sessions: { ...sessions, hours: number(value) } })} />
          <NumberInput label={t("idleMinutes")} description={t("idleHint")} min={10} max={43200} clampBehavior="none" value={sessions.idle_minutes ?? ""} error={errorAt("sessions.idle_minutes")} onChange={(value) => setForm({ ...form, sessions: { ...sessions, idle_minutes: value === "" ? null : number(value) } })} />
        </div>
      </section>

      <section className={classes.section} aria-labelledby="sign-in-second-factor">
        <h2 className={classes.heading} id="sign-in-second-factor">{t("secondFactor")}</h2>
        <p className={classes.hint}>{t("secondFactorHint")}</p>
        <Radio.Group aria-labelledby="sign-in-second-factor" value={second_factor} onChange={(value) => setForm({ ...form, second_factor: value as Settings["second_factor"] })}>
          <Stack gap="xs">
            {(["nobody", "administrators", "everybody"] as const).map((who) => (
              <Radio key={who} value={who} label={t(`asked.${who}`)} />
            ))}
          </Stack>
        </Radio.Group>
      </section>

      {save.isError && violations.length === 0 && (
        <Alert color="red" variant="light" role="alert" mb="md">
          {isConflict(save.error) ? t("changedMeanwhile") : messageOf(save.error)}
          {isConflict(save.error) && (
            <Group mt="xs">
              <Button size="compact-sm" variant="default" onClick={() => void client.invalidateQueries({ queryKey: SETTINGS })}>
                {t("showPresent")}
              </Button>
            </Group>
          )}
        </Alert>
      )}
      <Button type="submit" mb="lg" loading={save.isPending} disabled={Object.keys(changes).length === 0}>
        {t("save")}
      </Button>
    </form>
  );
}

/** Those members that differ from what is stored. */
function changed<T extends object>(stored: T, form: Partial<T>): Partial<T> {
  const differ = (Object.entries(form) as [keyof T, unknown][]).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(stored[key]));
  return Object.fromEntries(differ) as Partial<T>;
}
