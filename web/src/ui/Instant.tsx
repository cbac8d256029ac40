import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { meQuery } from "~/api/queries";
import { useLanguage } from "~/i18n";
import { formatClock, formatDay, formatInstant, formatRelative } from "./format";

/** The reader's time zone: the one of the profile, before signing in the browser's. */
export function useTimeZone(): string {
  const me = useQuery({ ...meQuery, enabled: false }).data;
  return me?.time_zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A moment, in the reader's language and time zone; `relative` says how long ago, `clock` the time of day, and both keep the moment as their title. */
export function Instant({ value, relative, clock }: { value: string | null | undefined; relative?: boolean; clock?: boolean }) {
  const language = useLanguage();
  const timeZone = useTimeZone();
  const { t } = useTranslation("ui");
  if (!value) return null;
  const exact = formatInstant(value, language, timeZone);
  return (
    <time className="figures" dateTime={value} title={relative || clock ? exact : undefined}>
      {relative ? (formatRelative(value, language) ?? t("now")) : clock ? formatClock(value, language, timeZone) : exact}
    </time>
  );
}

/** A calendar day in the reader's language. */
export function Day({ value }: { value: string | null | undefined }) {
  const language = useLanguage();
  if (!value) return null;
  return (
    <time className="figures" dateTime={value}>
      {formatDay(value, language)}
    </time>
  );
}
