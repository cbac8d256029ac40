import { Alert, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useSay, type ForecastHistory, type Say } from "~/api/forecast";
import { ApiProblem } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { DecimalInput } from "~/fields/DecimalInput";
import { told } from "~/objects/told";
import { useFigures } from "../figures";
import { usePeriodName } from "../periods/usePeriods";
import classes from "./forecast.module.css";
import type { Saying } from "./Line";

type Props = { saying: Saying; history: ForecastHistory; currency: string; onClose: () => void };

/** The two figures with a word; what others have said meanwhile is shown, and one's own figures stay. */
export function SayForm({ saying, history, currency, onClose }: Props) {
  const { t } = useTranslation("forecast");
  const figures = useFigures();
  const name = usePeriodName();
  const { act } = saying;
  const adjusts = act === "adjust";
  // What one begins with is what stood when the dialog was opened, not what others write meanwhile.
  const [start] = useState(history);
  const { submission, adjustment, suggested } = start;
  const own = adjusts ? adjustment : submission;
  const before = own ?? (adjusts ? submission : undefined) ?? suggested;
  const [commit, setCommit] = useState<string | null>(before.commit ?? null);
  const [best, setBest] = useState<string | null>(before.best_case ?? null);
  const [note, setNote] = useState(own?.note ?? "");
  const [taken, setTaken] = useState<ForecastHistory>();
  const say = useSay();
  const money = (amount: string | null | undefined) => figures.amount(amount, currency);
  const findings = findingsOfError(taken ? undefined : say.error, ["commit", "best_case", "note"]);
  const errorAt = (field: string) => findings.byField[field]?.join(" ");
  const texts = { period: name(saying.period, true), name: saying.name };
  const present = taken && ((adjusts ? taken.adjustment : taken.submission) ?? taken.submission);

  const send = async (as: Say["act"], version: number) => {
    const asked: Say = { act: as, person: saying.person, period: saying.period, covers: history.covers, note: note.trim() || undefined, version };
    try {
      await say.mutateAsync(as === "withdraw" ? asked : { ...asked, commit, best_case: best });
    } catch (refusal) {
      setTaken(refusal instanceof ApiProblem && refusal.status === 409 ? (refusal.record as unknown as ForecastHistory | undefined) : undefined);
      return;
    }
    told(t(`${as}Told`, texts));
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(act, start.version);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("standsAt", { commit: money(suggested.commit), best: money(suggested.best_case) })}
        </Text>
        {adjusts && submission && <Text size="sm">{t("theySaid", { name: saying.name, commit: money(submission.commit), best: money(submission.best_case) })}</Text>}
        <div className={classes.inputs}>
          <DecimalInput label={t("commitInput", { currency })} description={t("commitHint")} value={commit} error={errorAt("commit")} onChange={setCommit} data-autofocus required />
          <DecimalInput label={t("bestInput", { currency })} description={t("bestHint")} value={best} error={errorAt("best_case")} onChange={setBest} required />
        </div>
        <Textarea label={t(adjusts ? "reasonInput" : "noteInput")} value={note} error={errorAt("note")} required={adjusts} autosize minRows={2} onChange={(event) => setNote(event.currentTarget.value)} />
        {taken && (
          <Alert color="yellow" variant="light" role="alert" title={t("takenTitle")}>
            <Stack gap="xs" align="flex-start">
              {t("taken", { commit: money(present?.commit), best: money(present?.best_case) })}
              <Button size="compact-sm" variant="default" onClick={() => void send(act, taken.version)}>
                {t("sayAnyway")}
              </Button>
            </Stack>
          </Alert>
        )}
        {findings.general.map((message) => (
          <Alert key={message} color="red" variant="light" role="alert">
            {message}
          </Alert>
        ))}
        <Group justify="space-between" gap="sm">
          {adjusts && start.can.includes("withdraw") ? (
            <Button variant="subtle" color="gray" onClick={() => void send("withdraw", start.version)}>
              {t("acts.withdraw")}
            </Button>
          ) : (
            <span />
          )}
          <Group gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={say.isPending} disabled={commit === null || best === null || (adjusts && !note.trim())}>
              {t(`acts.${act}`)}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
