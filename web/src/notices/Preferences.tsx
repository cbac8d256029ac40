import { Alert, Button, Checkbox, Chip, Group, Paper, Select, TextInput } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNoticePreferences, useSaveNoticePreferences, type ByEmail, type NoticePreferences } from "~/api/notifications";
import { findingsOfError, isConflict } from "~/api/problem";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./preferences.module.css";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/** A Monday, for the names of the days. */
const MONDAY = Date.UTC(2026, 0, 5);
const A_DAY = 24 * 3_600_000;

/** Of what one wishes to be told, and how. */
export function Preferences() {
  const { t } = useTranslation("notices");
  const preferences = useNoticePreferences();
  const section = useRef<HTMLDivElement>(null);
  const ready = preferences.data !== undefined;
  useEffect(() => {
    if (ready && window.location.hash === "#notices") section.current?.scrollIntoView({ block: "start" });
  }, [ready]);
  return (
    <Paper p="md" component="section" aria-labelledby="notices" ref={section} className={classes.section}>
      <h2 id="notices" className={classes.title}>
        {t("preferences")}
      </h2>
      {preferences.isError ? (
        <ErrorState compact error={preferences.error} onRetry={() => void preferences.refetch()} />
      ) : preferences.data ? (
        <Choices key={preferences.data.version} present={preferences.data} />
      ) : (
        <RowSkeletons rows={6} />
      )}
    </Paper>
  );
}

function Choices({ present }: { present: NoticePreferences }) {
  const { t } = useTranslation("notices");
  const language = useLanguage();
  const [draft, setDraft] = useState(present);
  const save = useSaveNoticePreferences();
  const changed = JSON.stringify(draft) !== JSON.stringify(present);
  const findings = isConflict(save.error) ? { byField: {}, general: [t("changedElsewhere")] } : findingsOfError(save.error, ["digest_at", "digest_days"]);
  const change = (part: Partial<NoticePreferences>) => {
    save.reset();
    setDraft({ ...draft, ...part });
  };
  const set = (kind: string, part: Partial<NoticePreferences["kinds"][number]>) => change({ kinds: draft.kinds.map((one) => (one.kind === kind ? { ...one, ...part } : one)) });
  const digest = draft.kinds.some((one) => one.email === "digest");
  const dayName = (index: number) => new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" }).format(new Date(MONDAY + index * A_DAY));
  const email = (["never", "at_once", "digest"] as const).map((value) => ({ value, label: t(`email.${value}`) }));

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft, { onSuccess: () => told(t("preferencesSaved")) });
      }}
    >
      <GeneralFindings findings={findings} />
      {!draft.email_available && (
        <Alert variant="light" color="gray" icon={<IconMailOff size={18} />} mb="sm">
          {t("noEmail")}
        </Alert>
      )}
      <table className={classes.grid}>
        <thead>
          <tr>
            <th scope="col">{t("what")}</th>
            <th scope="col">{t("inApp")}</th>
            <th scope="col">{t("byEmail")}</th>
          </tr>
        </thead>
        <tbody>
          {draft.kinds.map((one) => (
            <tr key={one.kind}>
              <th scope="row">{one.label}</th>
              <td>
                <Checkbox aria-label={`${one.label}: ${t("inApp")}`} checked={one.in_app} onChange={(event) => set(one.kind, { in_app: event.currentTarget.checked })} />
              </td>
              <td>
                <Select
                  aria-label={`${one.label}: ${t("byEmail")}`}
                  size="xs"
                  data={email}
                  value={one.email}
                  allowDeselect={false}
                  disabled={!draft.email_available}
                  onChange={(value) => value && set(one.kind, { email: value as ByEmail })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {digest && draft.email_available && (
        <fieldset className={classes.digest}>
          <legend>{t("digest")}</legend>
          <TextInput type="time" label={t("digestAt")} value={draft.digest_at} w={130} error={findings.byField["digest_at"]?.join(" ")} onChange={(event) => change({ digest_at: event.currentTarget.value })} />
          <div role="group" aria-label={t("digestDays")}>
            <span className={classes.label} aria-hidden>
              {t("digestDays")}
            </span>
            <Chip.Group multiple value={draft.digest_days} onChange={(days) => change({ digest_days: DAYS.filter((day) => days.includes(day)) })}>
              <Group gap={6}>
                {DAYS.map((day, index) => (
                  <Chip key={day} value={day} size="xs" radius="xl" variant="light">
                    {dayName(index)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
            {findings.byField["digest_days"] && <p className={classes.wrong}>{findings.byField["digest_days"].join(" ")}</p>}
          </div>
        </fieldset>
      )}
      <Group justify="flex-end" mt="sm">
        <Button type="submit" disabled={!changed} loading={save.isPending}>
          {t("save", { ns: "ui" })}
        </Button>
      </Group>
    </form>
  );
}
