import { ActionIcon, Group, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "~/i18n";
import { hoursOn, hoursTogether, isoOf, showSpans, WEEKDAYS, weekdayOf, type CalendarDocument } from "./calendar";
import classes from "./calendars.module.css";

type Cell = { iso: string; day: number; hours: number; kind?: string; tells: string };

/** A year as it is worked, day by day. */
export function YearPicture({ calendar, firstYear }: { calendar: Pick<CalendarDocument, "week" | "days">; firstYear: number }) {
  const { t } = useTranslation("calendars");
  const language = useLanguage();
  const [year, setYear] = useState(firstYear);
  const months = useMemo(
    () =>
      Array.from({ length: 12 }, (_, at) =>
        Array.from({ length: new Date(Date.UTC(year, at + 1, 0)).getUTCDate() }, (_, index): Cell => {
          const iso = isoOf(year, at + 1, index + 1);
          const { hours, special } = hoursOn(calendar, iso);
          const tells = [iso, special?.name || (special && t(special.kind)), showSpans(hours) || t("free")].filter(Boolean).join(" · ");
          return { iso, day: index + 1, hours: hoursTogether(hours), kind: special?.kind, tells };
        }),
      ),
    [calendar, year, t],
  );
  const all = months.flat();
  const monthName = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  const dayName = new Intl.DateTimeFormat(language, { weekday: "narrow", timeZone: "UTC" });
  return (
    <>
      <Group gap="xs" mb="sm">
        <ActionIcon variant="default" aria-label={t("before")} onClick={() => setYear(year - 1)}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <Text fw={600} className="figures">
          {year}
        </Text>
        <ActionIcon variant="default" aria-label={t("after")} onClick={() => setYear(year + 1)}>
          <IconChevronRight size={16} />
        </ActionIcon>
        <Text size="sm" c="dimmed" ml="xs">
          {t("workedDays", { days: all.filter((cell) => cell.hours > 0).length, hours: Math.round(all.reduce((sum, cell) => sum + cell.hours, 0) * 10) / 10 })}
        </Text>
      </Group>
      <div className={classes.pictures}>
        {months.map((cells, at) => (
          <table key={at} className={classes.month}>
            <caption>{monthName.format(Date.UTC(year, at, 1))}</caption>
            <thead aria-hidden>
              <tr>
                {WEEKDAYS.map((day, place) => (
                  // The fifth of January 1970 was a Monday.
                  <th key={day}>{dayName.format(Date.UTC(1970, 0, 5 + place))}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeksOf(cells).map((week, row) => (
                <tr key={row}>
                  {week.map((cell, place) =>
                    cell ? (
                      <td key={place} className={classes.cell} data-free={cell.hours === 0 || undefined} data-kind={cell.kind} title={cell.tells}>
                        {cell.day}
                      </td>
                    ) : (
                      <td key={place} />
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
      <ul className={classes.legend} aria-hidden>
        {(["holiday", "half_day", "working_day"] as const).map((kind) => (
          <li key={kind}>
            <span className={classes.cell} data-kind={kind} />
            {t(kind)}
          </li>
        ))}
      </ul>
    </>
  );
}

function weeksOf(cells: Cell[]): (Cell | undefined)[][] {
  const padded: (Cell | undefined)[] = [...Array.from({ length: weekdayOf(cells[0]!.iso) }, () => undefined), ...cells];
  return Array.from({ length: Math.ceil(padded.length / 7) }, (_, row) => padded.slice(row * 7, row * 7 + 7));
}
