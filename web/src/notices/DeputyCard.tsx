import { Button, Group, Paper, TextInput } from "@mantine/core";
import { IconUserShield } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDeputy, useDeputyOf, useSaveDeputy, type Deputy } from "~/api/notifications";
import { findingsOfError, isConflict } from "~/api/problem";
import { GeneralFindings } from "~/fields/FieldForm";
import { RecordSelect } from "~/fields/RecordSelect";
import { instantOfWall, wallOfInstant } from "~/fields/wallTime";
import { told } from "~/objects/told";
import { ErrorState } from "~/ui/ErrorState";
import { Instant, useTimeZone } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./preferences.module.css";

/** Who stands in while one is away: he is told what one would be told, and finds it in his to-do list. */
export function DeputyCard() {
  const { t } = useTranslation("notices");
  const deputy = useDeputy();
  const of = useDeputyOf();
  const standing = (of.data?.items ?? []).filter((one) => one.active !== false);
  return (
    <Paper p="md" component="section" aria-labelledby="deputy">
      <h2 id="deputy" className={classes.title}>
        {t("deputy")}
      </h2>
      <p className={classes.hint}>{t("deputyHint")}</p>
      {standing.map((one) => (
        <p key={one.person} className={classes.standing}>
          <IconUserShield size={16} stroke={1.6} style={{ verticalAlign: "-3px" }} aria-hidden /> {t("standingIn", { name: of.data?.refs?.[one.person]?.name ?? t("someone") })}
          {one.until && (
            <>
              {" "}
              {t("until")} <Instant value={one.until} />
            </>
          )}
        </p>
      ))}
      {deputy.isError ? (
        <ErrorState compact error={deputy.error} onRetry={() => void deputy.refetch()} />
      ) : deputy.data ? (
        <Choice key={JSON.stringify(deputy.data)} present={deputy.data} />
      ) : (
        <RowSkeletons rows={2} />
      )}
    </Paper>
  );
}

function Choice({ present }: { present: Deputy }) {
  const { t } = useTranslation("notices");
  const timeZone = useTimeZone();
  const [draft, setDraft] = useState<Pick<Deputy, "deputy" | "from" | "until">>({ deputy: present.deputy, from: present.from ?? null, until: present.until ?? null });
  const [name, setName] = useState<string>();
  const save = useSaveDeputy();
  const findings = isConflict(save.error) ? { byField: {} as Record<string, string[]>, general: [t("changedElsewhere")] } : findingsOfError(save.error, ["deputy", "from", "until"]);
  const at = (key: string) => findings.byField[key]?.join(" ");
  const changed = draft.deputy !== present.deputy || (draft.from ?? null) !== (present.from ?? null) || (draft.until ?? null) !== (present.until ?? null);
  const moment = (key: "from" | "until") => (
    <TextInput
      type="datetime-local"
      label={t(`deputy_${key}`)}
      max="9999-12-31T23:59"
      description={draft[key] ? undefined : t(`deputy_${key}_none`)}
      value={draft[key] ? wallOfInstant(draft[key], timeZone) : ""}
      error={at(key)}
      disabled={!draft.deputy}
      onChange={(event) => setDraft({ ...draft, [key]: event.currentTarget.value ? instantOfWall(event.currentTarget.value, timeZone) : null })}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // The form begins anew with what is saved, so that it is not there any more to hear of it.
        void save.mutateAsync({ ...draft, version: present.version }).then(
          () => told(t("deputySaved")),
          () => undefined,
        );
      }}
    >
      <GeneralFindings findings={findings} />
      {present.deputy && (
        <p className={classes.standing} role="status">
          {t(present.active ? "deputyActive" : "deputyLater", { name: present.refs?.[present.deputy]?.name ?? t("someone") })}
        </p>
      )}
      <div className={classes.fields}>
        <RecordSelect
          object="employee"
          label={t("deputyWho")}
          value={draft.deputy}
          name={name ?? (draft.deputy ? present.refs?.[draft.deputy]?.name : undefined)}
          error={at("deputy")}
          onChange={(deputy, chosen) => {
            setName(chosen);
            setDraft(deputy ? { ...draft, deputy } : { deputy: null, from: null, until: null });
          }}
        />
        {moment("from")}
        {moment("until")}
      </div>
      <Group justify="flex-end" mt="sm">
        <Button type="submit" variant="default" disabled={!changed} loading={save.isPending}>
          {t(draft.deputy || !present.deputy ? "deputySave" : "deputyEnd")}
        </Button>
      </Group>
    </form>
  );
}
