import { Alert, Button, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { useSetup } from "~/api/queries";
import type { Me } from "~/api/types";
import { Avatar } from "~/ui/Avatar";
import { CodeStep } from "./CodeStep";
import { Entrance } from "./Entrance";
import classes from "./Entrance.module.css";
import { refusalOf } from "./refusal";
import { useEnter } from "./useEnter";

// What `stagecraft serve --demo` gives to everybody it invents.
const DEMO_PASSWORD = "stagecraft-demo";

export function SignIn() {
  const { t } = useTranslation("account");
  const { to, step, error } = useSearch({ from: "/sign-in" });
  const setup = useSetup().data;
  const enter = useEnter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [codeNeeded, setCodeNeeded] = useState(step === "code");
  useDocumentTitle(`${t("signIn")} · Stagecraft`);

  const signIn = useMutation({
    mutationFn: (who: { email: string; password: string }) => post<Me | { code_needed: true }>("/auth/login", who),
    onSuccess: (answer) => ("code_needed" in answer ? setCodeNeeded(true) : enter(answer, to)),
  });

  if (setup?.needs_setup) return <Navigate to="/setup" />;
  const title = setup?.organisation ? t("signInTo", { organisation: setup.organisation }) : t("signIn");
  if (codeNeeded) {
    return (
      <Entrance title={t("codeTitle")} hint={t("codeHint")}>
        <CodeStep
          onSignedIn={(me) => enter(me, to)}
          onBack={() => {
            setCodeNeeded(false);
            setPassword("");
            signIn.reset();
          }}
        />
      </Entrance>
    );
  }
  const provider = setup?.provider;
  const passwords = setup?.passwords ?? true;
  return (
    <Entrance title={title}>
      <Stack gap="sm">
        {error && !signIn.isError && (
          <Alert color="red" variant="light" role="alert">
            {t(`providerErrors.${error.replace("auth.", "")}`, { defaultValue: t("providerErrors.other") })}
          </Alert>
        )}
        {provider && (
          <Button component="a" href={`/api/v1/auth/provider${to ? `?to=${encodeURIComponent(to)}` : ""}`} variant={passwords ? "default" : "filled"} fullWidth>
            {provider.button || t("byProvider")}
          </Button>
        )}
        {provider && passwords && <Divider label={t("or")} my={2} />}
        {passwords && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              signIn.mutate({ email: email.trim(), password });
            }}
          >
            <Stack gap="sm">
              <TextInput label={t("email")} type="email" name="email" autoComplete="username" autoFocus required withAsterisk={false} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
              <PasswordInput label={t("password")} name="password" autoComplete="current-password" required withAsterisk={false} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
              {signIn.isError && (
                <Alert color="red" variant="light" role="alert">
                  {refusalOf(signIn.error, t)}
                </Alert>
              )}
              <Button type="submit" fullWidth mt={4} loading={signIn.isPending}>
                {t("signIn")}
              </Button>
            </Stack>
          </form>
        )}
      </Stack>
      {setup?.demo && passwords && (setup.demo_people?.length ?? 0) > 0 && (
        <section className={classes.people}>
          <h2>{t("demo")}</h2>
          <p>{t("demoHint")}</p>
          {setup.demo_people?.map((person) => (
            <button key={person.email} type="button" className={classes.person} onClick={() => signIn.mutate({ email: person.email, password: DEMO_PASSWORD })}>
              <Avatar name={person.name} size={32} />
              <span>
                {person.name}
                <small>{person.title}</small>
              </span>
            </button>
          ))}
        </section>
      )}
    </Entrance>
  );
}
