import { Button, Stack } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, meQuery } from "~/api/queries";
import type { Me } from "~/api/types";
import { RowSkeletons } from "~/ui/Skeletons";
import { EnrolSteps } from "./EnrolSteps";
import { Entrance } from "./Entrance";
import { useSignOut } from "./useSignOut";

/** Where a second factor is required, whoever has none comes here first. */
export function Enrol() {
  const { t } = useTranslation("account");
  const { to } = useSearch({ from: "/enrol" });
  const client = useQueryClient();
  const router = useRouter();
  const me = useQuery(meQuery);
  const signOut = useSignOut();
  const [began, setBegan] = useState(false);
  useDocumentTitle(`${t("enrolTitle")} · Stagecraft`);
  if (me.isError) return <Navigate to="/sign-in" />;
  if (me.data && !me.data.must_enrol && !began) return <Navigate to="/" />;
  return (
    <Entrance title={t("enrolTitle")} hint={t("enrolHint")} wide>
      <Stack gap="md">
        {me.isPending && <RowSkeletons rows={4} />}
        {me.data && (
          <EnrolSteps
            begin
            onBegun={() => setBegan(true)}
            onDone={() => {
              client.setQueryData<Me>(keys.me, (old) => (old ? { ...old, must_enrol: false } : old));
              // Only a path of our own: an address in the link must not lead elsewhere.
              router.history.push(to && /^\/(?!\/)/.test(to) ? to : "/");
            }}
          />
        )}
        <Button variant="subtle" color="gray" onClick={() => void signOut()}>
          {t("signOut", { ns: "shell" })}
        </Button>
      </Stack>
    </Entrance>
  );
}
