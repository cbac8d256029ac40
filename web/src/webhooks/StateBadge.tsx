import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DeliveryState, WebhookState } from "~/api/webhooks";

const COLOURS = { new: "gray", healthy: "green", failing: "orange", paused: "red", gone: "red", off: "gray", waiting: "blue", delivered: "green", failed: "red" } as const;

/** How a webhook fares. */
export function WebhookBadge({ state }: { state: WebhookState }) {
  const { t } = useTranslation("webhooks");
  return (
    <Badge variant="light" color={COLOURS[state]}>
      {t(`states.${state}`)}
    </Badge>
  );
}

/** What became of a message. */
export function DeliveryBadge({ state }: { state: DeliveryState }) {
  const { t } = useTranslation("webhooks");
  return (
    <Badge variant="light" color={COLOURS[state]}>
      {t(`deliveryStates.${state}`)}
    </Badge>
  );
}
