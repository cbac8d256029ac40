import { Button, Paper, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDeliveries, type Delivery, type DeliveryState } from "~/api/webhooks";
import type { Refs } from "~/api/types";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { DeliveryDrawer } from "./DeliveryDrawer";
import { DeliveryBadge } from "./StateBadge";
import classes from "./webhooks.module.css";

const STATES = ["waiting", "delivered", "failed"] as const;

/** What was sent and what waits, newest first. */
export function Deliveries({ webhook, opened, onOpen }: { webhook: string; opened: string | undefined; onOpen: (delivery: string | undefined) => void }) {
  const { t } = useTranslation("webhooks");
  const [state, setState] = useState<DeliveryState>();
  const read = useDeliveries(webhook, state);
  const items = read.data?.pages.flatMap((page) => page.items) ?? [];
  const refs = Object.assign({}, ...(read.data?.pages ?? []).map((page) => page.refs)) as Refs;
  return (
    <section aria-labelledby="webhook-deliveries">
      <div className={classes.sectionHead}>
        <h2 id="webhook-deliveries">{t("deliveries")}</h2>
        <SegmentedControl
          size="sm"
          aria-label={t("deliveries")}
          data={[{ value: "", label: t("anyState") }, ...STATES.map((value) => ({ value, label: t(`deliveryStates.${value}`) }))]}
          value={state ?? ""}
          onChange={(value) => setState(value === "" ? undefined : (value as DeliveryState))}
        />
      </div>
      {read.isError && <ErrorState compact error={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && <RowSkeletons rows={6} />}
      {read.data && items.length === 0 && <EmptyState title={t("noDeliveries")}>{state ? undefined : t("noDeliveriesHint")}</EmptyState>}
      {items.length > 0 && (
        <Paper>
          <ul className={classes.deliveries}>
            {items.map((delivery) => (
              <DeliveryLine key={delivery.id} delivery={delivery} refs={refs} onOpen={() => onOpen(delivery.id)} />
            ))}
          </ul>
        </Paper>
      )}
      {read.hasNextPage && (
        <Button variant="default" mt="sm" loading={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
          {t("older")}
        </Button>
      )}
      {opened && <DeliveryDrawer key={opened} webhook={webhook} id={opened} onClose={() => onOpen(undefined)} />}
    </section>
  );
}

function DeliveryLine({ delivery, refs, onOpen }: { delivery: Delivery; refs: Refs; onOpen: () => void }) {
  const { t } = useTranslation("webhooks");
  return (
    <li>
      <button type="button" className={classes.delivery} onClick={onOpen}>
        <span className={classes.when}>
          <Instant value={delivery.at} />
        </span>
        <span className={classes.type}>{delivery.type}</span>
        <span className={classes.record}>{delivery.record ? (refs[delivery.record]?.name ?? t("gone")) : ""}</span>
        <span className={classes.fine}>{delivery.attempts > 0 ? t("attempts", { count: delivery.attempts }) : t("notYet")}</span>
        <DeliveryBadge state={delivery.state} />
      </button>
    </li>
  );
}
