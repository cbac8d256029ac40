import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hoursTogether, readSpans, showSpans, WEEKDAYS, type CalendarDocument, type Span } from "./calendar";
import classes from "./calendars.module.css";

/** The hours of each day of the week, typed as one says them. */
export function WeekEditor({ week, onChange, errors }: { week: CalendarDocument["week"]; onChange: (week: CalendarDocument["week"]) => void; errors: Record<string, string[] | undefined> }) {
  const { t } = useTranslation("calendars");
  return (
    <div className={classes.week}>
      {WEEKDAYS.map((day, at) => {
        const spans = week[day] ?? [];
        const before = at > 0 ? WEEKDAYS[at - 1] : undefined;
        const differs = before && showSpans(week[before] ?? []) !== showSpans(spans);
        return (
          <div key={day} style={{ display: "contents" }}>
            <label className={classes.weekday} htmlFor={`week-${day}`}>
              {t(day)}
            </label>
            <Hours id={`week-${day}`} spans={spans} error={errors[`week/${day}`]?.join(" ")} onChange={(hours) => onChange({ ...week, [day]: hours })} />
            <span className={classes.weekHours}>{spans.length > 0 ? `${hoursTogether(spans)} h` : t("free")}</span>
            <span className={classes.copy}>
              {differs && (
                <Button variant="subtle" size="compact-xs" mt={4} onClick={() => onChange({ ...week, [day]: week[before] ?? [] })}>
                  {t("copyDown", { day: t(before) })}
                </Button>
              )}
            </span>
          </div>
        );
      })}
    </div>
  );
}

/** One line of hours; what cannot be read stays as it is typed, and says so. */
export function Hours({ id, label, spans, error, onChange }: { id?: string; label?: string; spans: Span[]; error?: string; onChange: (spans: Span[]) => void }) {
  const { t } = useTranslation("calendars");
  const [typed, setTyped] = useState<string>();
  const wrong = typed !== undefined && readSpans(typed) === undefined;
  return (
    <TextInput
      id={id}
      aria-label={label}
      placeholder={label}
      value={typed ?? showSpans(spans)}
      error={wrong ? t("hoursWrong") : error}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const read = readSpans(text);
        if (read) onChange(read);
      }}
      onBlur={() => !wrong && setTyped(undefined)}
    />
  );
}
