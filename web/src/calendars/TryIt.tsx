import { Group, NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { messageOf } from "~/api/problem";
import { useLanguage } from "~/i18n";
import classes from "./calendars.module.css";

type Reckoned = { is_working: boolean; next_opening: string | null; seconds: number | null; at: string | null };

/** What the clock of the reader shows, as an instant. */
const instantOf = (local: string) => (local ? new Date(local).toISOString() : undefined);
const hours = (seconds: number) => Math.round(seconds / 36) / 100;

/** Reckons with a calendar as it is saved. */
export function TryIt({ id, version }: { id: string; version: number }) {
  const { t } = useTranslation("calendars");
  const language = useLanguage();
  const [from, setFrom] = useState(() => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16));
  const [to, setTo] = useState("");
  const [more, setMore] = useState<number | string>(8);
  const asked = { from: instantOf(from), to: instantOf(to), seconds: typeof more === "number" ? Math.round(more * 3600) : undefined };
  const answer = useQuery({
    queryKey: ["calendars", id, version, asked],
    queryFn: ({ signal }) => post<Reckoned>(`/calendars/${id}/reckon`, asked, { signal }),
    enabled: Boolean(asked.from),
    placeholderData: (before) => before,
  });
  const clock = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  const said = answer.data;
  return (
    <>
      <Group gap="sm" align="flex-start">
        <TextInput type="datetime-local" label={t("tryFrom")} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
        <TextInput type="datetime-local" label={t("tryTo")} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        <NumberInput label={t("tryHours")} min={0} max={800_000} decimalScale={2} w={220} value={more} onChange={setMore} />
      </Group>
      <div aria-live="polite">
        {answer.isError && (
          <p className={classes.answer} role="alert">
            {messageOf(answer.error)}
          </p>
        )}
        {said && (
          <>
            <p className={classes.answer}>
              {said.is_working ? t("tryWorking") : said.next_opening ? t("tryNotWorking", { at: clock.format(new Date(said.next_opening)) }) : t("tryNever")}
            </p>
            {said.seconds !== null && <p className={classes.answer}>{t("tryBetween", { hours: hours(said.seconds) })}</p>}
            {asked.seconds !== undefined && (
              <p className={classes.answer}>{said.at ? t("tryAfter", { hours: more, at: clock.format(new Date(said.at)) }) : t("tryAfterNever")}</p>
            )}
          </>
        )}
      </div>
    </>
  );
}
