import { Button, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { useSetup } from "~/api/queries";
import type { Language, Me } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { currentLanguage } from "~/i18n";
import { Entrance } from "./Entrance";
import classes from "./Entrance.module.css";
import { useEnter } from "./useEnter";

const CURRENCIES = Intl.supportedValuesOf("currency");
const TIME_ZONES = Intl.supportedValuesOf("timeZone");

/** The first run: an organisation and its first administrator. */
export function SetUp() {
  const { t } = useTranslation("account");
  const setup = useSetup().data;
  const enter = useEnter();
  const [form, setForm] = useState({
    organisation: "",
    main_currency: currentLanguage() === "zh-CN" ? "CNY" : "USD",
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: currentLanguage(),
    name: "",
    email: "",
    password: "",
  });
  useDocumentTitle(`${t("setUp")} · Stagecraft`);
  const save = useMutation({ mutationFn: () => post<Me>("/setup", form), onSuccess: (me) => enter(me) });
  const findings = findingsOfError(save.error, Object.keys(form));
  const text = (key: "organisation" | "name" | "email" | "password") => ({
    label: t(key),
    value: form[key],
    required: true,
    withAsterisk: false,
    error: findings.byField[key]?.join(" "),
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setForm({ ...form, [key]: event.currentTarget.value }),
  });

  // Once set up, the way leads on into the app and not to the sign-in.
  if (setup && !setup.needs_setup && (save.isIdle || save.isError)) return <Navigate to="/sign-in" />;
  return (
    <Entrance help="/docs/administrator-guide#the-first-hour" title={t("setUp")} hint={t("setUpHint")} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <GeneralFindings findings={findings} />
          <TextInput {...text("organisation")} autoFocus />
          <div className={classes.two}>
            <Select label={t("mainCurrency")} description={t("mainCurrencyFixed")} inputWrapperOrder={["label", "input", "description", "error"]} data={CURRENCIES} value={form.main_currency} searchable allowDeselect={false} error={findings.byField.main_currency?.join(" ")} onChange={(value) => value && setForm({ ...form, main_currency: value })} />
            <Select label={t("timeZone")} data={[...new Set([form.time_zone, ...TIME_ZONES])]} value={form.time_zone} searchable allowDeselect={false} limit={60} error={findings.byField.time_zone?.join(" ")} onChange={(value) => value && setForm({ ...form, time_zone: value })} />
            <Select
              label={t("language")}
              data={[
                { value: "en", label: "English" },
                { value: "zh-CN", label: "简体中文" },
              ]}
              value={form.language}
              allowDeselect={false}
              onChange={(value) => value && setForm({ ...form, language: value as Language })}
            />
            <TextInput {...text("name")} autoComplete="name" />
            <TextInput {...text("email")} type="email" autoComplete="username" />
            <PasswordInput {...text("password")} description={t("passwordHint")} autoComplete="new-password" inputWrapperOrder={["label", "input", "description", "error"]} />
          </div>
          <Button type="submit" mt={6} loading={save.isPending}>
            {t("begin")}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
