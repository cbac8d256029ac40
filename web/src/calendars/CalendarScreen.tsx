import { Alert, Button, Group, Select, Switch, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { del } from "~/api/http";
import { findingsOfError, isConflict } from "~/api/problem";
import { useMe } from "~/api/queries";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordsSelect } from "~/fields/RecordsSelect";
import { told } from "~/objects/told";
import { timeZones } from "~/organisation/calendarNames";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { useTimeZone } from "~/ui/Instant";
import { today } from "~/ui/format";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { documentOf, newCalendar, sendCalendar, useAfterCalendars, useCalendars, WEEKDAYS, type BusinessCalendar, type CalendarDocument, type Refs } from "./calendar";
import classes from "./calendars.module.css";
import { DaysEditor } from "./DaysEditor";
import { TryIt } from "./TryIt";
import { WeekEditor } from "./WeekEditor";
import { YearPicture } from "./YearPicture";

/** One business calendar: its week, its holidays, the year that follows, and what it reckons. */
export function CalendarScreen() {
  const { t } = useTranslation("calendars");
  const { calendar: id } = useParams({ strict: false }) as { calendar: string };
  const me = useMe();
  const calendars = useCalendars();
  if (calendars.isError) return <ErrorState error={calendars.error} onRetry={() => void calendars.refetch()} />;
  if (!calendars.data) return <RowSkeletons rows={8} />;
  const stored = calendars.data.items.find((it) => it.id === id);
  if (!stored && (id !== "new" || !me.admin)) return <EmptyState title={me.admin ? t("title") : t("onlyAdministrators")} />;
  return <Editor key={`${id} ${stored?.version}`} stored={stored} refs={calendars.data.refs} editable={me.admin} reload={() => void calendars.refetch()} />;
}

function Editor({ stored, refs, editable, reload }: { stored?: BusinessCalendar; refs: Refs; editable: boolean; reload: () => void }) {
  const { t } = useTranslation("calendars");
  const navigate = useNavigate();
  const after = useAfterCalendars();
  const now = today(useTimeZone());
  const [draft, setDraft] = useState<CalendarDocument>(() => (stored ? documentOf(stored) : newCalendar()));
  const left = useRef(false);
  const changed = () => !left.current && JSON.stringify(draft) !== JSON.stringify(stored ? documentOf(stored) : newCalendar());
  const set = (change: Partial<CalendarDocument>) => setDraft((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => sendCalendar(draft, stored),
    onSuccess: async (saved) => {
      left.current = true;
      await after();
      await navigate({ to: "/admin/calendars/$calendar", params: { calendar: saved.id }, replace: true });
      left.current = false;
      // Not before the screen begins anew with it: what somebody types below upon this would be lost.
      told(t("saved"));
    },
  });
  const paths = ["name", "time_zone", "standard", "departments", ...WEEKDAYS.map((day) => `week/${day}`), ...draft.days.flatMap((_, at) => ["name", "from", "to", "hours", "as"].map((field) => `days/${at}/${field}`))];
  const findings = findingsOfError(save.error, paths);
  const errorAt = (field: string) => findings.byField[field]?.join(" ");
  return (
    <Page
      title={stored?.name ?? t("new")}
      above={<Link to="/admin/organisation">{t("title")}</Link>}
      pinned
      actions={
        editable && (
          <>
            {stored && !stored.standard && (
              <ConfirmButton
                variant="default"
                title={t("deleteTitle", { name: stored.name })}
                text={t("deleteText")}
                confirm={t("delete")}
                danger
                onConfirm={async () => {
                  await del(`/calendars/${stored.id}`, { ifMatch: stored.version });
                  left.current = true;
                  told(t("deleted", { name: stored.name }));
                  await after();
                  await navigate({ to: "/admin/organisation" });
                }}
              >
                {t("delete")}
              </ConfirmButton>
            )}
            <Button disabled={!changed()} loading={save.isPending} onClick={() => save.mutate()}>
              {t("save")}
            </Button>
          </>
        )
      }
    >
      {isConflict(save.error) ? (
        <Alert color="orange" variant="light" role="alert" mb="md">
          <Group justify="space-between">
            {t("conflict")}
            <Button variant="default" size="compact-sm" onClick={reload}>
              {t("reload")}
            </Button>
          </Group>
        </Alert>
      ) : (
        <GeneralFindings findings={{ byField: {}, general: findings.general }} />
      )}
      <fieldset disabled={!editable} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <div className={classes.settings}>
          <TextInput label={t("name")} value={draft.name} error={errorAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
          <Select
            label={t("timeZone")}
            placeholder={t("timeZoneOfOrganisation")}
            data={timeZones()}
            searchable
            clearable
            limit={60}
            value={draft.time_zone ?? null}
            error={errorAt("time_zone")}
            onChange={(zone) => set({ time_zone: zone })}
          />
          <RecordsSelect
            object="department"
            label={t("departments")}
            description={t("departmentsHint")}
            value={draft.departments}
            refs={refs as never}
            error={errorAt("departments")}
            onChange={(departments) => set({ departments })}
          />
          <Switch
            mt={26}
            label={t("standardSwitch")}
            description={t("standardHint")}
            checked={draft.standard}
            disabled={stored?.standard}
            error={errorAt("standard")}
            onChange={(event) => set({ standard: event.currentTarget.checked })}
          />
        </div>
        <section className={classes.section}>
          <h2 className={classes.heading}>{t("week")}</h2>
          <p className={classes.hint}>{t("weekHint")}</p>
          <WeekEditor week={draft.week} errors={findings.byField} onChange={(week) => set({ week })} />
        </section>
        <section className={classes.section}>
          <h2 className={classes.heading}>{t("days")}</h2>
          <p className={classes.hint}>{t("daysHint")}</p>
          <DaysEditor days={draft.days} today={now} errors={findings.byField} onChange={(days) => set({ days })} />
        </section>
      </fieldset>
      <section className={classes.section}>
        <h2 className={classes.heading}>{t("year")}</h2>
        <YearPicture calendar={draft} firstYear={Number(now.slice(0, 4))} />
      </section>
      {stored && (
        <section className={classes.section}>
          <h2 className={classes.heading}>{t("try")}</h2>
          <p className={classes.hint}>{t("tryHint")}</p>
          <TryIt id={stored.id} version={stored.version} />
        </section>
      )}
      <UnsavedGuard changed={changed} />
    </Page>
  );
}
