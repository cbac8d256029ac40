import { UnstyledButton } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { wallOfInstant } from "~/fields/wallTime";
import { dayPicks, dueOn } from "./dayPicks";
import classes from "./DayPicker.module.css";
import { today } from "./format";
import { useTimeZone } from "./Instant";

type Props = { value: string | null | undefined; onPick: (instant: string | null) => void; label: string; /** The field for any other moment; there once it is asked for or a day is chosen. */ children?: ReactNode };

/** The days most things are put on, each by one press; a second press takes it away again. */
export function DayPicker({ value, onPick, label, children }: Props) {
  const [asked, setAsked] = useState(false);
  const { t } = useTranslation("ui");
  const timeZone = useTimeZone();
  const chosen = value ? wallOfInstant(value, timeZone).slice(0, 10) : undefined;
  return (
    <>
      <div className={classes.picks} role="group" aria-label={label}>
        {dayPicks(today(timeZone)).map(({ key, day }) => (
          <UnstyledButton key={key} className={classes.pick} aria-pressed={chosen === day} onClick={() => onPick(chosen === day ? null : dueOn(day, timeZone))}>
            {t(`days.${key}`)}
          </UnstyledButton>
        ))}
        {children && !value && !asked && (
          <UnstyledButton className={classes.pick} aria-expanded={false} onClick={() => setAsked(true)}>
            {t("days.other")}
          </UnstyledButton>
        )}
      </div>
      {(asked || value) && children}
    </>
  );
}
