import { useTranslation } from "react-i18next";
import type { DeliveryState, WebhookState } from "~/api/webhooks";
import { Tone } from "~/ui/Tone";

const TONES = { new: "quiet", healthy: "good", failing: "warn", paused: "danger", gone: "danger", off: "quiet", waiting: "busy", delivered: "good", failed: "danger" } as const;

/** How a webhook fares. */
export function WebhookBadge({ state }: { state: WebhookState }) {
  const { t } = useTranslation("webhooks");
  return <Tone tone={TONES[state]}>{t(`states.${state}`)}</Tone>;
}

/** What became of a message. */
export function DeliveryBadge({ state }: { state: DeliveryState }) {
  const { t } = useTranslation("webhooks");
  return <Tone tone={TONES[state]}>{t(`deliveryStates.${state}`)}</Tone>;
}
