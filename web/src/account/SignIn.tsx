import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, post } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useSetup } from "~/api/queries";
import type { Me } from "~/api/types";
import { Avatar } from "~/ui/Avatar";
import { Entrance } from "./Entrance";
import classes from "./Entrance.module.css";
import { useEnter } from "./useEnter";

// What `stagecraft serve --demo` gives to everybody it invents.
const DEMO_PASSWORD = "stagecraft-demo";

export function SignIn() {
  const { t } = useTranslation("account");
  const { to } = useSearch({ from: "/sign-in" });
  const setup = useSetup().data;
  const enter = useEnter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  useDocumentTitle(`${t("signIn")} · Stagecraft`);

  const signIn = useMutation({
    mutationFn: (who: { email: string; password: string }) => post<Me>("/auth/login", who),
    onSuccess: (me) => enter(me, to),
  });

  if (setup?.needs_setup) return <Navigate to="/setup" />;
  return (
    <Entrance title={setup?.organisation ? t("signInTo", { organisation: setup.organisation }) : t("signIn")}>
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
      {setup?.demo && (setup.demo_people?.length ?? 0) > 0 && (
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

function refusalOf(error: unknown, t: (key: string, values?: Record<string, unknown>) => string): string {
  if (error instanceof ApiProblem && error.status === 429 && error.retryAfter) return t("tooMany", { seconds: error.retryAfter });
  if (error instanceof ApiProblem && error.code === "network.unreachable") return t("network", { ns: "ui" });
  return messageOf(error);
}
