import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import { useWebhookActs, type Span } from "~/api/webhooks";
import { instantOfWall, wallOfInstant } from "~/fields/wallTime";
import { told } from "~/objects/told";
import { useTimeZone } from "~/ui/Instant";

const DAY = 86_400_000;

/** Sends again what happened in a span of time, after it has been counted. */
export function ReplayDialog({ webhook, onClose }: { webhook: string; onClose: () => void }) {
  const { t } = useTranslation("webhooks");
  const timeZone = useTimeZone();
  const acts = useWebhookActs(webhook);
  const [now] = useState(() => Date.now());
  const wall = (at: number) => wallOfInstant(new Date(at).toISOString(), timeZone);
  const [from, setFrom] = useState(() => wall(now - DAY));
  const [until, setUntil] = useState(() => wall(now + 60_000));
  const [state, setState] = useState<"" | "failed">("failed");
  const ends = [from, until].map((text) => instantOfWall(text, timeZone));
  const span: Span | undefined = ends[0] && ends[1] ? { from: ends[0], until: ends[1], ...(state ? { state } : {}) } : undefined;
  const counted = useQuery({ queryKey: ["webhooks", webhook, "replay", span], queryFn: () => acts.count(span!), enabled: span !== undefined, retry: false });
  const send = useMutation({
    mutationFn: () => acts.replaySpan(span!),
    onSuccess: () => {
      told(t("replayed"));
      onClose();
    },
  });
  const count = counted.data?.deliveries;
  const failed = send.error ?? counted.error;
  return (
    <Modal opened onClose={onClose} title={t("replaySpanTitle")} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <Stack gap="md">
          <p style={{ margin: 0, color: "var(--ink-soft)" }}>{t("replaySpanHint")}</p>
          <Group grow align="flex-start">
            <TextInput type="datetime-local" label={t("from")} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
            <TextInput type="datetime-local" label={t("until")} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
          </Group>
          <Radio.Group label={t("whichState")} value={state} onChange={(value) => setState(value as "" | "failed")}>
            <Stack gap={6} mt={6}>
              <Radio value="failed" label={t("onlyFailed")} />
              <Radio value="" label={t("both")} />
            </Stack>
          </Radio.Group>
          {failed ? (
            <Alert color="red" variant="light" role="alert">
              {messageOf(failed)}
            </Alert>
          ) : (
            <p style={{ margin: 0 }} aria-live="polite">
              {count === undefined ? t("counting") : t("wouldReplay", { count })}
            </p>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={send.isPending} disabled={!count}>
              {t("sendNow")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
