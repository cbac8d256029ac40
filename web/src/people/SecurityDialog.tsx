import { Badge, Button, Group, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "~/api/client";
import { messageOf } from "~/api/problem";
import { SessionList } from "~/security/SessionList";
import classes from "~/security/security.module.css";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";

/** How a person signs in: what an administrator may help with. */
export function SecurityDialog({ person, onClose }: { person: { id: string; name: string }; onClose: () => void }) {
  const { t } = useTranslation("security");
  const client = useQueryClient();
  const path = { id: person.id };
  const key = ["people", person.id, "security"];
  const security = useQuery({ queryKey: key, queryFn: () => bodyOf(api.GET("/people/{id}/security", { params: { path } })) });
  const renew = () => client.invalidateQueries({ queryKey: key });
  const unlock = useMutation({ mutationFn: () => api.POST("/people/{id}/unlock", { params: { path } }), onSettled: renew });
  const end = useMutation({ mutationFn: (session: string) => api.DELETE("/people/{id}/sessions/{session}", { params: { path: { ...path, session } } }), onSettled: renew });
  const { data } = security;
  const failed = unlock.error ?? end.error;
  return (
    <Modal opened onClose={onClose} size="xl" title={t("securityOf", { name: person.name })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      {security.isPending && <RowSkeletons rows={5} />}
      {security.isError && <ErrorState compact error={security.error} onRetry={() => void security.refetch()} />}
      {failed && <p role="alert" style={{ color: "var(--danger)" }}>{messageOf(failed)}</p>}
      {data && (
        <>
          <dl className={classes.facts}>
            <dt>{t("password")}</dt>
            <dd>
              {data.has_password ? t("hasPassword") : t("noPassword")}{" "}
              {data.locked_for_seconds && <Badge color="red">{t("lockedFor", { seconds: data.locked_for_seconds })}</Badge>}
            </dd>
            <dd>
              {(data.locked_for_seconds || data.failed > 0) && (
                <Button size="compact-sm" variant="default" loading={unlock.isPending} onClick={() => unlock.mutate()}>
                  {t("unlock")}
                </Button>
              )}
            </dd>
            <dt>{t("secondFactor")}</dt>
            <dd>
              {data.second_factor.on ? (
                <>
                  {t("onSince")} <Instant value={data.second_factor.since} /> · {t("codesLeft", { count: data.second_factor.recovery_codes_left })}
                </>
              ) : (
                t("notSetUp")
              )}
            </dd>
            <dd>
              {data.second_factor.on && (
                <ConfirmButton
                  size="compact-sm"
                  variant="default"
                  title={t("resetTitle", { name: person.name })}
                  text={t("resetText")}
                  confirm={t("reset")}
                  danger
                  onConfirm={async () => {
                    await api.POST("/people/{id}/reset-second-factor", { params: { path } });
                    await renew();
                  }}
                >
                  {t("reset")}
                </ConfirmButton>
              )}
            </dd>
            {data.provider_links.map((link) => (
              <ProviderLink key={link.issuer + link.since} link={link} name={person.name} onUnlink={async () => {
                await api.POST("/people/{id}/unlink", { params: { path } });
                await renew();
              }} />
            ))}
          </dl>
          <Group justify="space-between" mb={6}>
            <h3 className={classes.sub}>{t("sessions")}</h3>
            {data.sessions.some((session) => !session.this) && (
              <ConfirmButton
                size="compact-sm"
                variant="default"
                title={t("endAllTitle", { name: person.name })}
                text={t("endAllText")}
                confirm={t("endAll")}
                danger
                onConfirm={async () => {
                  await api.DELETE("/people/{id}/sessions", { params: { path } });
                  await renew();
                }}
              >
                {t("endAll")}
              </ConfirmButton>
            )}
          </Group>
          <SessionList
            sessions={data.sessions}
            act={(session, name) =>
              !session.this && (
                <Button size="compact-sm" variant="subtle" color="red" loading={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)} aria-label={t("endOf", { name })}>
                  {t("end")}
                </Button>
              )
            }
          />
        </>
      )}
    </Modal>
  );
}

function ProviderLink({ link, name, onUnlink }: { link: { issuer: string; since: string }; name: string; onUnlink: () => Promise<void> }) {
  const { t } = useTranslation("security");
  return (
    <>
      <dt>{t("provider")}</dt>
      <dd>
        {link.issuer} · {t("since")} <Instant value={link.since} />
      </dd>
      <dd>
        <ConfirmButton size="compact-sm" variant="default" title={t("unlinkTitle", { name })} text={t("unlinkText")} confirm={t("unlink")} danger onConfirm={onUnlink}>
          {t("unlink")}
        </ConfirmButton>
      </dd>
    </>
  );
}
