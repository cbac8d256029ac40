import { Badge, Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import table from "~/objects/objects.module.css";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { hoursTogether, useCalendars, WEEKDAYS, type BusinessCalendar } from "./calendar";
import classes from "./calendars.module.css";

const hoursOfWeek = (calendar: BusinessCalendar) => hoursTogether(WEEKDAYS.flatMap((day) => calendar.week[day] ?? []));

/** All business calendars, with whom each holds for. */
export function CalendarList({ editable }: { editable: boolean }) {
  const { t } = useTranslation("calendars");
  const calendars = useCalendars();
  if (calendars.isError) return <ErrorState compact error={calendars.error} onRetry={() => void calendars.refetch()} />;
  if (!calendars.data) return <RowSkeletons rows={2} />;
  const nameOf = (id: string) => calendars.data.refs[id]?.name ?? id;
  return (
    <>
      <div className={table.frame}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t("name")}</th>
              <th scope="col" className={table.wide}>
                {t("holdsFor")}
              </th>
              <th scope="col" data-figures>
                {t("hours")}
              </th>
            </tr>
          </thead>
          <tbody>
            {calendars.data.items.map((calendar) => {
              const departments = calendar.departments.map(nameOf).join(", ");
              return (
                <tr key={calendar.id}>
                  <td>
                    <Link to="/admin/calendars/$calendar" params={{ calendar: calendar.id }} className={classes.name}>
                      {calendar.name}
                    </Link>
                    <span className={table.under}>{[calendar.standard ? t("standard") : "", departments].filter(Boolean).join(", ")}</span>
                  </td>
                  <td className={table.wide}>
                    {calendar.standard && (
                      <Badge mr={6} miw="max-content">
                        {t("standard")}
                      </Badge>
                    )}
                    {departments}
                  </td>
                  <td data-figures>{hoursOfWeek(calendar)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {editable && (
        <Button component={Link} to="/admin/calendars/new" variant="subtle" size="compact-sm" mt="sm" ml={-8} leftSection={<IconPlus size={14} />}>
          {t("new")}
        </Button>
      )}
    </>
  );
}
