import { Button, Drawer, Group, Stack } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDelivery, useWebhookActs, type Attempt, type Delivery } from "~/api/webhooks";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { DeliveryBadge } from "./StateBadge";
import classes from "./webhooks.module.css";

/** One message with every attempt to send it. */
export function DeliveryDrawer({ webhook, id, onClose }: { webhook: string; id: string; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
  const read = useDelivery(id);
  const acts = useWebhookActs(webhook);
  const [asking, setAsking] = useState(false);
  const delivery = read.data;
  return (
    <Drawer opened position="right" size={680} onClose={onClose} title={delivery?.type ?? t("message")}>
      {read.isError && <ErrorState compact error={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && <RowSkeletons rows={8} />}
      {delivery && (
        <Stack gap="lg">
          <Facts delivery={delivery} />
          {(delivery.attempt_list ?? []).toReversed().map((attempt) => (
            <AttemptPart key={attempt.number} attempt={attempt} />
          ))}
          <section>
            <h3 className={classes.small}>{t("body")}</h3>
            {delivery.body ? (
              <pre className={classes.code} tabIndex={0} aria-label={t("body")}>
                {JSON.stringify(JSON.parse(delivery.body), null, 2)}
              </pre>
            ) : (
              <p className={classes.fine}>{t("bodyHidden")}</p>
            )}
          </section>
          {delivery.state !== "waiting" && (
            <Group justify="flex-end">
              <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={() => setAsking(true)}>
                {t("replay")}
              </Button>
            </Group>
          )}
        </Stack>
      )}
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("replayTitle")}
        text={t("replayText")}
        confirm={t("replay")}
        onConfirm={async () => {
          await acts.replay(id);
          told(t("replayed"));
        }}
      />
    </Drawer>
  );
}

function Facts({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation("webhooks");
  const name = delivery.record ? delivery.refs?.[delivery.record]?.name : undefined;
  return (
    <dl className={classes.facts}>
      {delivery.object && delivery.record && (
        <>
          <dt>{t("about")}</dt>
          <dd>
            {name === undefined ? (
              t("gone")
            ) : (
              <Link to="/o/$object/$id" params={{ object: delivery.object, id: delivery.record }}>
                {name}
              </Link>
            )}
          </dd>
        </>
      )}
      <dt>{t("happened")}</dt>
      <dd>
        <Instant value={delivery.at} />
      </dd>
      <dt>{t("messageId")}</dt>
      <dd className={classes.mono}>{delivery.message}</dd>
      <dt>{t("message")}</dt>
      <dd>
        <DeliveryBadge state={delivery.state} />{" "}
        {delivery.due_at && (
          <span className={classes.fine}>
            {t("next")}: <Instant value={delivery.due_at} />
          </span>
        )}
      </dd>
    </dl>
  );
}

function AttemptPart({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation("webhooks");
  return (
    <section className={classes.attempt} data-failed={attempt.error !== null || undefined}>
      <div className={classes.attemptHead}>
        <h3 className={classes.small}>{t("attempt", { number: attempt.number })}</h3>
        <span className={classes.fine}>
          <Instant value={attempt.at} /> · {t("took", { ms: attempt.took_ms })}
        </span>
        {attempt.status !== null && <span className={classes.status}>{attempt.status}</span>}
      </div>
      {attempt.error && (
        <p className={classes.said}>
          {t(`errors.${attempt.error}` as "errors.status")}
          {attempt.detail && <span className={classes.fine}> ({attempt.detail})</span>}
        </p>
      )}
      <details>
        <summary>{t("request")}</summary>
        <pre className={classes.code}>{Object.entries(attempt.request).map(([name, value]) => `${name}: ${value}`).join("\n")}</pre>
      </details>
      {attempt.status !== null && (
        <details open={attempt.error !== null}>
          <summary>{t("answer")}</summary>
          {attempt.answer ? <pre className={classes.code}>{attempt.answer}</pre> : <p className={classes.fine}>{t("noAnswer")}</p>}
        </details>
      )}
    </section>
  );
}
