import { ActionIcon, Alert, Button, Menu, Paper, Tooltip } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconDots, IconKey, IconPencil, IconPlayerPlay, IconRefresh, IconSend, IconTrash } from "@tabler/icons-react";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import { useMe, useObjects } from "~/api/queries";
import { useWebhook, useWebhookActs, type Subscription, type Webhook } from "~/api/webhooks";
import { useConditionText } from "~/conditions/useConditionText";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { Deliveries } from "./Deliveries";
import { ReplayDialog } from "./ReplayDialog";
import { SecretDialog } from "./SecretDialog";
import { WebhookBadge } from "./StateBadge";
import { WebhookDrawer } from "./WebhookDrawer";
import classes from "./webhooks.module.css";

type Asking = "edit" | "roll" | "delete" | "replay";

/** One webhook: what it is told of, how it fares, and what was sent. */
export function WebhookScreen() {
  const { t } = useTranslation("webhooks");
  const { webhook: id } = useParams({ strict: false }) as { webhook: string };
  const me = useMe();
  const navigate = useNavigate();
  const read = useWebhook(id, me.admin);
  const acts = useWebhookActs(id);
  const [asking, setAsking] = useState<Asking>();
  const [secret, setSecret] = useState<string>();
  const [opened, setOpened] = useState<string>();
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  if (read.isError) return <ErrorState error={read.error} onRetry={() => void read.refetch()} />;
  const webhook = read.data;
  if (!webhook) return <RowSkeletons rows={6} height={34} />;
  const close = () => setAsking(undefined);
  const refused = (error: unknown) => notifications.show({ color: "red", message: messageOf(error) });
  const test = () =>
    acts.test().then((delivery) => {
      told(t("testSent"));
      setOpened(delivery.id);
    }, refused);
  const resume = () => acts.resume().then(() => told(t("resumed")), refused);

  return (
    <Page
      title={webhook.name}
      above={<Link to="/admin/webhooks">{t("back")}</Link>}
      actions={
        <>
          <Button variant="default" leftSection={<IconSend size={16} />} disabled={!webhook.active} onClick={() => void test()}>
            {t("sendTest")}
          </Button>
          <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setAsking("edit")}>
            {t("edit")}
          </Button>
          <Menu position="bottom-end" width={220}>
            <Menu.Target>
              <Tooltip label={t("more")}>
                <ActionIcon variant="default" size={36} aria-label={t("more")}>
                  <IconDots size={18} stroke={1.6} />
                </ActionIcon>
              </Tooltip>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconRefresh size={17} stroke={1.6} />} disabled={!webhook.active} onClick={() => setAsking("replay")}>
                {t("replaySpan")}
              </Menu.Item>
              <Menu.Item leftSection={<IconKey size={17} stroke={1.6} />} onClick={() => setAsking("roll")}>
                {t("rollSecret")}
              </Menu.Item>
              <Menu.Item color="var(--danger)" leftSection={<IconTrash size={17} stroke={1.6} />} onClick={() => setAsking("delete")}>
                {t("delete")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      <State webhook={webhook} onResume={() => void resume()} />
      <Paper p="md" mb="md">
        <Facts webhook={webhook} />
      </Paper>
      <Deliveries webhook={webhook.id} opened={opened} onOpen={setOpened} />

      {asking === "edit" && <WebhookDrawer webhook={webhook} onClose={close} onSaved={close} />}
      {asking === "replay" && <ReplayDialog webhook={webhook.id} onClose={close} />}
      <ConfirmDialog
        opened={asking === "roll"}
        onClose={close}
        title={t("rollTitle", { name: webhook.name })}
        text={t("rollText")}
        confirm={t("rollSecret")}
        onConfirm={async () => setSecret((await acts.roll()).secret ?? undefined)}
      />
      <ConfirmDialog
        opened={asking === "delete"}
        onClose={close}
        title={t("deleteTitle", { name: webhook.name })}
        text={t("deleteText")}
        confirm={t("delete")}
        danger
        onConfirm={async () => {
          await acts.remove(webhook.version);
          told(t("deleted", { name: webhook.name }));
          void navigate({ to: "/admin/webhooks" });
        }}
      />
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </Page>
  );
}

/** What is wrong with it, and what can be done. */
function State({ webhook, onResume }: { webhook: Webhook; onResume: () => void }) {
  const { t } = useTranslation("webhooks");
  const paused = webhook.paused_why;
  if (paused && webhook.state !== "off") {
    return (
      <Alert color="red" variant="light" mb="md" icon={<IconAlertTriangle size={18} />} title={t(`states.${webhook.state}`)}>
        <p className={classes.said}>
          {t(`pausedWhy.${paused}`)} <Instant value={webhook.paused_at} />
        </p>
        <Button size="compact-md" leftSection={<IconPlayerPlay size={15} />} onClick={onResume}>
          {t("resume")}
        </Button>
      </Alert>
    );
  }
  if (webhook.state === "failing") {
    return (
      <Alert mb="md" variant="light" icon={<IconAlertTriangle size={18} />} title={t("states.failing")} styles={{ root: { background: "var(--warn-ground)" }, title: { color: "var(--warn)" }, icon: { color: "var(--warn)" }, message: { color: "var(--ink)" } }}>
        {t("failingSince")} <Instant value={webhook.failing_since} />. {t("failures", { count: webhook.failures })}
      </Alert>
    );
  }
  return null;
}

function Facts({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation("webhooks");
  const me = useMe();
  return (
    <dl className={classes.facts}>
      <dt>{t("address")}</dt>
      <dd>
        <span className={classes.address}>{webhook.address}</span> <WebhookBadge state={webhook.state} />
        {webhook.description && <p className={classes.fine}>{webhook.description}</p>}
      </dd>
      <dt>{t("what")}</dt>
      <dd>
        {webhook.subscriptions.map((one) => (
          <Told key={one.object} subscription={one} />
        ))}
        <p className={classes.fine}>{webhook.eyes === me.person.id ? t("eyesMine") : t("eyes", { name: webhook.refs?.[webhook.eyes]?.name ?? "–" })}</p>
      </dd>
      <dt>{t("lastSuccess")}</dt>
      <dd>{webhook.succeeded_at ? <Instant value={webhook.succeeded_at} /> : t("never")}</dd>
      <dt>{t("secret")}</dt>
      <dd>
        <span className={classes.fine}>{t("secretLost")}</span>
        {webhook.former_secret_until && (
          <p className={classes.fine}>
            {t("bothSign")} <Instant value={webhook.former_secret_until} />
          </p>
        )}
      </dd>
      {webhook.gap_until && (
        <>
          <dt />
          <dd className={classes.warn}>
            {t("gap")} <Instant value={webhook.gap_until} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Told({ subscription: { object, acts, condition } }: { subscription: Subscription }) {
  const { t } = useTranslation("webhooks");
  const label = useLabel();
  const objects = useObjects();
  const say = useConditionText(object, condition);
  return (
    <p className={classes.told}>
      <strong>{label(objects.find((it) => it.key === object)?.plural) || object}</strong>: {acts.map((act) => t(`actNames.${act}` as "actNames.edit")).join(", ")}
      {condition && <span className={classes.fine}> · {say(condition)}</span>}
    </p>
  );
}
