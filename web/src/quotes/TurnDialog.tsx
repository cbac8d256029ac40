import { Alert, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconRubberStamp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useRecord } from "~/api/queries";
import type { MoneyValue, Rec } from "~/api/types";
import { useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { formatMoney } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import { useTrial, useTurn } from "./api";

/** A step of a quote or an order: what it becomes, and whether a reason belongs to it. */
export type Turn = { act: string; status: string; reason?: "asked" | "needed" };

const linesOf = (error: unknown) => (error instanceof ApiProblem && error.violations.length > 0 ? [...new Set(error.violations.map((one) => one.message || one.code))] : error ? [messageOf(error)] : []);

/** Asks before a step is taken, with what would follow from it as the server says: an approval, another amount of the deal, what stands against it. */
export function TurnDialog({ record: present, turn, onClose }: { record: Rec; turn: Turn; onClose: () => void }) {
  const { t } = useTranslation("quotes");
  const language = useLanguage();
  // What was seen on opening is what is taken a step further; whoever was quicker is told of.
  const [record] = useState(present);
  const trial = useTrial(record, turn.status);
  const take = useTurn(record);
  const [reason, setReason] = useState("");
  const deal = useRecord("opportunity", String(record.fields.opportunity ?? ""));
  const number = [record.fields.number, record.object === "quote" ? t("version", { version: String(record.fields.version_no ?? "1") }) : undefined].filter(Boolean).join(" ");
  const money = (value: unknown) => (value ? formatMoney(value as MoneyValue, language) : "–");
  const waits = trial.data?.result === "pending_approval";
  const then = trial.data?.opportunity?.fields.amount;
  const now = deal.data?.fields.amount;
  const refused = [...linesOf(trial.error), ...linesOf(take.error)];
  return (
    <Modal opened onClose={onClose} title={t(`turn.${turn.act}.title` as "turn.send.title", { number })} size={520}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          take.mutate(
            { status: turn.status, reason: reason.trim() },
            {
              onSuccess: (turned) => {
                if (turned.result !== "pending_approval") told(t(`turn.${turn.act}.done` as "turn.send.done", { number }));
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="sm">
          <Text size="md">{t(`turn.${turn.act}.text` as "turn.send.text", { total: money(record.fields.total) })}</Text>
          {trial.isPending && <RowSkeletons rows={1} />}
          {waits && (
            <Alert variant="light" icon={<IconRubberStamp size={18} />}>
              {t("needsApproval")}
            </Alert>
          )}
          {turn.act === "accept" && then !== undefined && !waits && (
            <Text size="sm">{money(then) === money(now) ? t("dealKeeps", { amount: money(now) }) : t("dealBecomes", { then: money(then), now: money(now) })}</Text>
          )}
          {turn.reason && <Textarea label={t(turn.reason === "needed" ? "reasonNeeded" : "reason")} withAsterisk={turn.reason === "needed"} value={reason} onChange={(event) => setReason(event.currentTarget.value)} autosize minRows={2} data-autofocus />}
          {refused.map((text) => (
            <Alert key={text} color="red" variant="light" role="alert">
              {text}
            </Alert>
          ))}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={take.isPending} disabled={trial.isPending || trial.isError || (turn.reason === "needed" && reason.trim() === "")} data-autofocus={turn.reason ? undefined : true}>
              {waits ? t("submitForApproval") : t(`turn.${turn.act}.act` as "turn.send.act")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
