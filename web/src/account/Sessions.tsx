import { Button, Group, Paper, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "~/api/client";
import { SessionList } from "~/security/SessionList";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";

const KEY = ["me", "sessions"];

/** Where one is signed in. */
export function Sessions() {
  const { t } = useTranslation("account");
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: KEY, queryFn: () => bodyOf(api.GET("/me/sessions")) });
  const renew = () => client.invalidateQueries({ queryKey: KEY });
  const end = useMutation({ mutationFn: (id: string) => api.DELETE("/me/sessions/{id}", { params: { path: { id } } }), onSettled: renew });
  const others = (sessions.data?.items ?? []).filter((session) => !session.this).length;
  return (
    <Paper p="md">
      <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
        <div style={{ flex: "1 1 260px" }}>
          <h2 style={{ margin: "0 0 2px", fontSize: 15 }}>{t("sessions")}</h2>
          <Text c="dimmed">{t("sessionsHint")}</Text>
        </div>
        {others > 0 && (
          <ConfirmButton
            variant="default"
            title={t("endOthersTitle")}
            text={t("endOthersText", { count: others })}
            confirm={t("endOthers")}
            danger
            onConfirm={async () => {
              await api.DELETE("/me/sessions");
              await renew();
            }}
          >
            {t("endOthers")}
          </ConfirmButton>
        )}
      </Group>
      {sessions.isPending && <RowSkeletons rows={2} />}
      {sessions.isError && <ErrorState compact error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.data && (
        <SessionList
          sessions={sessions.data.items}
          act={(session, name) =>
            !session.this && (
              <Button size="compact-sm" variant="subtle" color="red" loading={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)} aria-label={t("endOf", { name })}>
                {t("end")}
              </Button>
            )
          }
        />
      )}
    </Paper>
  );
}
