import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, post } from "~/api/http";
import type { Me } from "~/api/types";
import { refusalOf } from "./refusal";

/** The second half of a sign-in: a code of the app, or a recovery code. */
export function CodeStep({ onSignedIn, onBack }: { onSignedIn: (me: Me) => void; onBack: () => void }) {
  const { t } = useTranslation("account");
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState(false);
  const confirm = useMutation({
    mutationFn: () => post<Me>("/auth/second-factor", { code: code.trim() }),
    onSuccess: onSignedIn,
    onError: () => setCode(""),
  });
  const expired = confirm.error instanceof ApiProblem && confirm.error.code === "auth.sign_in_expired";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack gap="sm">
        {recovery ? (
          <TextInput key="recovery" label={t("recoveryCode")} placeholder="ABCD-EFGH-JKLM-NPQR" autoComplete="off" autoFocus required withAsterisk={false} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
        ) : (
          <TextInput key="code" label={t("code")} name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={7} autoFocus required withAsterisk={false} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
        )}
        {confirm.isError && (
          <Alert color="red" variant="light" role="alert">
            {refusalOf(confirm.error, t)}
          </Alert>
        )}
        {!expired && (
          <Button type="submit" fullWidth mt={4} loading={confirm.isPending}>
            {t("signIn")}
          </Button>
        )}
        <Button
          variant="subtle"
          fullWidth
          onClick={() => {
            setRecovery(!recovery);
            setCode("");
            confirm.reset();
          }}
        >
          {recovery ? t("useApp") : t("useRecovery")}
        </Button>
        <Button variant={expired ? "filled" : "subtle"} color={expired ? undefined : "gray"} fullWidth onClick={onBack}>
          {t("beginAgain")}
        </Button>
      </Stack>
    </form>
  );
}
