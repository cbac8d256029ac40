import { Button, Paper, Progress, SegmentedControl, Select } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useJobAct, useJobs, type Job, type JobState } from "~/api/jobs";
import { useMe, useObjects } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Instant } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { Tone } from "~/ui/Tone";
import classes from "./jobs.module.css";
import { en } from "./texts";

const route = getRouteApi("/shell/admin/jobs");
const STATES = ["waiting", "running", "done", "failed", "cancelled"] as const;
const TONES = { waiting: "quiet", running: "busy", done: "good", failed: "danger", cancelled: "quiet" } as const;
type Kind = keyof typeof en.kinds;

/** Work that goes on after the answer: all of it for administrators, one's own for others. */
export function Jobs() {
  const { t } = useTranslation("jobs");
  const me = useMe();
  const asked = route.useSearch();
  const navigate = route.useNavigate();
  const jobs = useJobs(asked);
  const items = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  const refs = Object.assign({}, ...(jobs.data?.pages ?? []).map((page) => page.refs)) as Refs;
  const ask = (change: typeof asked) => {
    const kept = Object.fromEntries(Object.entries({ ...asked, ...change }).filter(([, value]) => value));
    void navigate({ search: kept, replace: true });
  };
  const narrowed = Boolean(asked.state ?? asked.kind);
  return (
    <Page
      title={t(me.admin ? "title" : "mineTitle")}
      above={t(me.admin ? "hint" : "mineHint")}
      below={
        <div className={classes.filters}>
          {me.admin && (
            <SegmentedControl
              aria-label={t("whose")}
              data={[
                { value: "", label: t("everybody") },
                { value: "mine", label: t("mine") },
              ]}
              value={asked.mine ? "mine" : ""}
              onChange={(value) => ask({ mine: value === "mine" || undefined })}
            />
          )}
          <Select aria-label={t("state")} placeholder={t("anyState")} w={160} clearable data={STATES.map((value) => ({ value, label: t(`states.${value}`) }))} value={asked.state ?? null} onChange={(state) => ask({ state: (state as JobState | null) ?? undefined })} />
          <Select aria-label={t("kind")} placeholder={t("kind")} w={230} clearable data={(Object.keys(en.kinds) as Kind[]).map((value) => ({ value, label: t(`kinds.${value}`) }))} value={asked.kind ?? null} onChange={(kind) => ask({ kind: kind ?? undefined })} />
        </div>
      }
    >
      {jobs.isError && <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.isPending && <RowSkeletons rows={8} height={34} />}
      {jobs.data && items.length === 0 && <EmptyState title={t("none")}>{t(narrowed ? "noneSo" : "noneHint")}</EmptyState>}
      {items.length > 0 && (
        <Paper>
          <ul className={classes.jobs} aria-label={t("title")}>
            {items.map((job) => (
              <JobLine key={job.id} job={job} refs={refs} />
            ))}
          </ul>
        </Paper>
      )}
      {jobs.hasNextPage && (
        <Button variant="default" mt="sm" loading={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
          {t("older")}
        </Button>
      )}
    </Page>
  );
}

function JobLine({ job, refs }: { job: Job; refs: Refs }) {
  const { t } = useTranslation("jobs");
  const label = useLabel();
  const objects = useObjects();
  const act = useJobAct();
  const [asking, setAsking] = useState<"retry" | "cancel">();
  const object = objects.find((it) => it.key === job.object);
  const field = object?.fields.find((it) => it.key === job.field);
  const about = [object && label(object.plural), field && label(field.label)].filter(Boolean).join(" · ") || job.object;
  const by = refs[job.by]?.name;
  return (
    <li className={classes.job}>
      <div className={classes.what}>
        <span className={classes.kind}>{t(`kinds.${job.kind as Kind}`, { defaultValue: job.kind })}</span>
        <span className={classes.fine}>{about}</span>
      </div>
      <div className={classes.how}>
        <Advance job={job} />
      </div>
      <div className={classes.who}>
        {by ? (
          <>
            <Avatar name={by} size={22} /> <span className={classes.fine}>{by}</span>
          </>
        ) : (
          <span className={classes.fine}>{t("product")}</span>
        )}
      </div>
      <span className={classes.fine}>
        <Instant value={job.created_at} />
      </span>
      <span>
        <Tone tone={TONES[job.state]}>{t(`states.${job.state}`)}</Tone>
      </span>
      <div className={classes.acts}>
        {(["retry", "cancel"] as const)
          .filter((one) => job.can?.includes(one))
          .map((one) => (
            <Button key={one} size="compact-sm" variant="default" onClick={() => setAsking(one)}>
              {t(one)}
            </Button>
          ))}
      </div>
      {job.message && <p className={classes.message}>{job.message}</p>}
      {asking && (
        <ConfirmDialog
          opened
          onClose={() => setAsking(undefined)}
          title={t(`${asking}Title`)}
          text={t(`${asking}Text`)}
          confirm={t(asking)}
          danger={asking === "cancel"}
          onConfirm={() => act.mutateAsync({ id: job.id, act: asking })}
        />
      )}
    </li>
  );
}

/** How far it is, while it goes on; then how much it was. */
function Advance({ job }: { job: Job }) {
  const { t } = useTranslation("jobs");
  const language = useLanguage();
  const open = job.state === "waiting" || job.state === "running";
  const words = job.total ? t("progress", { done: formatDecimal(job.done, language), total: formatDecimal(job.total, language) }) : "";
  const tries = open && job.attempts > 1 ? t("tries", { count: job.attempts }) : "";
  return (
    <>
      {job.state === "running" && <Progress value={job.total ? (100 * job.done) / job.total : 100} animated={!job.total} striped={!job.total} size="sm" aria-label={words || t("states.running")} />}
      <span className={classes.fine}>
        {[words, tries].filter(Boolean).join(" · ")}
        {!open && job.ended_at && (
          <>
            {words && " · "}
            {t("took")} <Instant value={job.ended_at} />
          </>
        )}
      </span>
    </>
  );
}
