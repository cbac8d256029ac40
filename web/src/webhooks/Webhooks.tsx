import { Button } from "@mantine/core";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useObjects } from "~/api/queries";
import { useWebhooks, type Webhook } from "~/api/webhooks";
import { useLabel, useLanguage } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Instant } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { SecretDialog } from "./SecretDialog";
import { WebhookBadge } from "./StateBadge";
import { WebhookDrawer } from "./WebhookDrawer";
import classes from "./webhooks.module.css";

/** All webhooks and how they fare. */
export function Webhooks() {
  const { t } = useTranslation("webhooks");
  const me = useMe();
  const navigate = useNavigate();
  const webhooks = useWebhooks(me.admin);
  const [editing, setEditing] = useState(false);
  const [made, setMade] = useState<Webhook>();
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = webhooks.data?.items ?? [];
  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing(true)}>
          {t("new")}
        </Button>
      }
    >
      {webhooks.isError && <ErrorState error={webhooks.error} onRetry={() => void webhooks.refetch()} />}
      {webhooks.isPending && <RowSkeletons rows={4} height={44} />}
      {webhooks.data && items.length === 0 && (
        <EmptyState icon={<IconWebhook size={32} stroke={1.4} />} title={t("none")}>
          {t("noneHint")}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.list}>
          {items.map((webhook) => (
            <WebhookLine key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      )}
      {editing && (
        <WebhookDrawer
          onClose={() => setEditing(false)}
          onSaved={(webhook) => {
            setEditing(false);
            setMade(webhook);
          }}
        />
      )}
      {made?.secret && <SecretDialog secret={made.secret} onClose={() => void navigate({ to: "/admin/webhooks/$webhook", params: { webhook: made.id } })} />}
    </Page>
  );
}

function WebhookLine({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation("webhooks");
  const language = useLanguage();
  const label = useLabel();
  const objects = useObjects();
  const plural = (key: string) => label(objects.find((it) => it.key === key)?.plural) || key;
  const counted = (n: number) => (n >= 10_000 ? t("many") : formatDecimal(n, language));
  return (
    <li className={classes.line} data-off={webhook.state === "off" || undefined}>
      <div className={classes.what}>
        <Link to="/admin/webhooks/$webhook" params={{ webhook: webhook.id }} className={classes.name}>
          {webhook.name}
        </Link>
        <p className={classes.fine}>{webhook.address}</p>
      </div>
      <p className={classes.fine}>{webhook.subscriptions.map((it) => plural(it.object)).join(", ")}</p>
      <p className={classes.fine}>
        {webhook.waiting > 0 && `${t("waiting")}: ${counted(webhook.waiting)}`}
        {webhook.waiting > 0 && webhook.failed > 0 && " · "}
        {webhook.failed > 0 && `${t("failed")}: ${counted(webhook.failed)}`}
        {webhook.waiting === 0 && webhook.failed === 0 && webhook.succeeded_at && (
          <>
            {t("lastSuccess")} <Instant value={webhook.succeeded_at} relative />
          </>
        )}
      </p>
      <WebhookBadge state={webhook.state} />
    </li>
  );
}
