import { Alert, Badge, Button, Group, Modal, Paper, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "~/api/client";
import { findingsOfError } from "~/api/problem";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { EnrolSteps } from "./EnrolSteps";
import { RecoveryCodes } from "./RecoveryCodes";
import { secondFactorQuery } from "./secondFactorQuery";

/** One's own second factor: set up, new recovery codes, turned off. */
export function SecondFactor() {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const state = useQuery(secondFactorQuery);
  const [doing, setDoing] = useState<"enrol" | "codes" | "disable">();
  const close = () => {
    setDoing(undefined);
    void client.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
  };
  const { data } = state;
  return (
    <Paper p="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ flex: "1 1 260px" }}>
          <Group gap="xs" mb={2}>
            <h2 style={{ margin: 0, fontSize: 15 }}>{t("secondFactor")}</h2>
            {data && <Badge color={data.on ? undefined : "gray"}>{data.on ? t("on") : t("off")}</Badge>}
          </Group>
          <Text c="dimmed">{t("secondFactorHint")}</Text>
          {data?.on && (
            <Text mt={6}>
              {t("onSince")} <Instant value={data.since} /> · {t("codesLeft", { count: data.recovery_codes_left })}
            </Text>
          )}
        </div>
        {data && (
          <Group gap="sm">
            {data.on ? (
              <>
                <Button variant="default" onClick={() => setDoing("codes")}>
                  {t("newCodes")}
                </Button>
                <Button variant="subtle" color="red" onClick={() => setDoing("disable")}>
                  {t("turnOff")}
                </Button>
              </>
            ) : (
              <Button variant="default" onClick={() => setDoing("enrol")}>
                {t("turnOn")}
              </Button>
            )}
          </Group>
        )}
      </Group>
      {state.isPending && <RowSkeletons rows={1} />}
      {state.isError && <ErrorState compact error={state.error} onRetry={() => void state.refetch()} />}
      {data?.on && data.recovery_codes_left < 3 && (
        <Alert color="yellow" variant="light" mt="sm">
          {t("fewCodes")}
        </Alert>
      )}
      <Modal opened={doing === "enrol"} onClose={close} size="lg" title={t("enrolTitle")} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
        {doing === "enrol" && <EnrolSteps begin onDone={close} onCancel={close} />}
      </Modal>
      {(doing === "codes" || doing === "disable") && data && <Prove what={doing} hasPassword={data.has_password} required={data.required} onClose={close} />}
    </Paper>
  );
}

/** Shows once more who one is, then does it. */
function Prove({ what, hasPassword, required, onClose }: { what: "codes" | "disable"; hasPassword: boolean; required: boolean; onClose: () => void }) {
  const { t } = useTranslation("account");
  const [by, setBy] = useState<"code" | "password">("code");
  const [typed, setTyped] = useState("");
  const act = useMutation({
    mutationFn: async () => {
      const body = { [by]: typed };
      if (what === "codes") return (await bodyOf(api.POST("/me/second-factor/recovery-codes", { body }))).recovery_codes;
      await api.POST("/me/second-factor/disable", { body });
      return undefined;
    },
    onSuccess: (codes) => {
      if (codes) return;
      notifications.show({ message: t("turnedOff"), color: "brand" });
      onClose();
    },
  });
  const found = findingsOfError(act.error, [by]);
  const field = {
    value: typed,
    required: true,
    withAsterisk: false,
    "data-autofocus": true,
    error: [...(found.byField[by] ?? []), ...found.general].join(" ") || undefined,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setTyped(event.currentTarget.value),
  };
  return (
    <Modal opened onClose={onClose} title={what === "codes" ? t("newCodes") : t("turnOffTitle")} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      {act.data ? (
        <RecoveryCodes codes={act.data} onDone={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            act.mutate();
          }}
        >
          <Stack gap="sm">
            <Text>{what === "codes" ? t("newCodesText") : required ? t("turnOffRequired") : t("turnOffText")}</Text>
            {by === "code" ? <TextInput key="code" label={t("code")} autoComplete="one-time-code" {...field} /> : <PasswordInput key="password" label={t("current")} autoComplete="current-password" {...field} />}
            <Group justify="space-between" gap="sm">
              {hasPassword ? (
                <Button
                  variant="subtle"
                  px={4}
                  onClick={() => {
                    setBy(by === "code" ? "password" : "code");
                    setTyped("");
                    act.reset();
                  }}
                >
                  {by === "code" ? t("byPassword") : t("byCode")}
                </Button>
              ) : (
                <span />
              )}
              <Button type="submit" color={what === "disable" ? "red.8" : undefined} loading={act.isPending}>
                {what === "codes" ? t("newCodes") : t("turnOff")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
