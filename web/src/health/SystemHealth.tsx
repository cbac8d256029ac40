import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useHealth, type FailedJob, type Health, type HealthPart, type HealthServer, type SlowStatement, type Standing } from "~/api/health";
import { useJobAct } from "~/api/jobs";
import { useLanguage } from "~/i18n";
import { en as jobTexts } from "~/jobs/texts";
import section from "~/security/security.module.css";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Instant } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { Tone } from "~/ui/Tone";
import { toldOfRefusal } from "~/ui/undoable";
import classes from "./health.module.css";
import { useSaid } from "./said";
import { useBytes } from "./useBytes";

const TONES = { ok: "good", attention: "warn", trouble: "danger" } as const;
const WORST: Standing[] = ["trouble", "attention", "ok"];

/** Whether all is well with the installation, and what to do where it is not. */
export function SystemHealth() {
  const { t } = useTranslation("health");
  const health = useHealth();
  const { data } = health;
  return (
    <Page title={t("title")} above={t("hint")} narrow>
      {health.isError && <ErrorState error={health.error} onRetry={() => void health.refetch()} compact={Boolean(data)} />}
      {health.isPending && <RowSkeletons rows={8} height={40} />}
      {data && (
        <>
          <Verdict health={data} />
          <Parts parts={data.parts} />
          {data.failed_jobs.length > 0 && <FailedJobs jobs={data.failed_jobs} />}
          <About health={data} />
          <Servers servers={data.servers} />
          <SlowStatements slow={data.slow} />
          <Errors errors={data.errors} />
        </>
      )}
    </Page>
  );
}

/** All of it in a sentence. */
function Verdict({ health }: { health: Health }) {
  const { t } = useTranslation("health");
  const count = health.parts.filter((part) => part.state !== "ok").length;
  return (
    <div className={classes.verdict} data-state={health.state} role="status">
      <strong>{t(`verdict.${health.state}`, { count })}</strong>
      <span className={classes.fine}>
        {t("asOf")} <Instant value={health.at} clock /> · {t("live")}
      </span>
    </div>
  );
}

function Parts({ parts }: { parts: HealthPart[] }) {
  const { t } = useTranslation("health");
  const said = useSaid();
  const inOrder = WORST.flatMap((state) => parts.filter((part) => part.state === state));
  return (
    <section className={section.section} aria-labelledby="health-parts">
      <h2 className={section.heading} id="health-parts">
        {t("parts")}
      </h2>
      <ul className={classes.list}>
        {inOrder.map((part) => (
          <li key={part.key} className={classes.part}>
            <Tone tone={TONES[part.state]}>{t(`states.${part.state}`)}</Tone>
            <div className={classes.what}>
              <span className={classes.name}>{t(`keys.${part.key}`, { defaultValue: part.key })}</span>
              <span className={classes.says}>{said(part)}</span>
            </div>
            {part.link && <Way link={part.link} about={t(`keys.${part.key}`, { defaultValue: part.key })} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The screen where one does something about it. */
function Way({ link, about }: { link: string; about: string }) {
  const { t } = useTranslation("health");
  const [to, search] = link.split("?");
  return (
    <Link className={classes.way} to={to as "/admin/jobs"} search={Object.fromEntries(new URLSearchParams(search))} aria-label={t("openNamed", { about })}>
      {t("open")}
    </Link>
  );
}

function FailedJobs({ jobs }: { jobs: FailedJob[] }) {
  const { t } = useTranslation("health");
  const { t: word } = useTranslation("jobs");
  const act = useJobAct();
  const client = useQueryClient();
  const retry = (id: string) => act.mutate({ id, act: "retry" }, { onError: toldOfRefusal, onSettled: () => void client.invalidateQueries({ queryKey: ["health"] }) });
  return (
    <section className={section.section} aria-labelledby="health-failed">
      <h2 className={section.heading} id="health-failed">
        {t("failed")}
      </h2>
      <p className={section.hint}>{t("failedHint")}</p>
      <ul className={classes.list}>
        {jobs.map((job) => (
          <li key={job.id} className={classes.part}>
            <Tone tone="danger">{word("states.failed")}</Tone>
            <div className={classes.what}>
              <span className={classes.name}>{word(`kinds.${job.kind as keyof typeof jobTexts.kinds}`, { defaultValue: job.kind })}</span>
              <span className={classes.says}>
                {job.message} <Instant value={job.ended_at} relative />
              </span>
            </div>
            <Button size="compact-sm" variant="default" onClick={() => retry(job.id)}>
              {word("retry")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function About({ health }: { health: Health }) {
  const { t } = useTranslation("health");
  const bytes = useBytes();
  const { database } = health;
  const facts: [string, React.ReactNode][] = [
    [t("version"), health.version],
    [t("running"), <Instant key="since" value={health.started_at} />],
    [t("database"), `${database.engine === "sqlite" ? "SQLite" : "PostgreSQL"} ${database.version}`],
    [t("size"), database.log_size ? t("sizeWithLog", { size: bytes(database.size), log: bytes(database.log_size) }) : bytes(database.size)],
    [t("schema"), t("schemaOf", { schema: database.schema, definitions: database.definitions })],
    [t("streams"), health.streams],
  ];
  return (
    <section className={section.section} aria-labelledby="health-about">
      <h2 className={section.heading} id="health-about">
        {t("about")}
      </h2>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Servers({ servers }: { servers: HealthServer[] }) {
  const { t } = useTranslation("health");
  const bytes = useBytes();
  const language = useLanguage();
  return (
    <section className={section.section} aria-labelledby="health-servers">
      <h2 className={section.heading} id="health-servers">
        {t("servers")}
      </h2>
      <p className={section.hint}>{t("serversHint")}</p>
      {servers.length === 0 && <p className={classes.fine}>{t("noServers")}</p>}
      <ul className={classes.list}>
        {servers.map((server) => (
          <li key={server.id} className={classes.part}>
            <Tone tone={server.here ? "busy" : "quiet"}>{t(server.here ? "here" : "other")}</Tone>
            <div className={classes.what}>
              <span className={classes.name}>{server.name}</span>
              <span className={classes.says}>
                {t("serverLine", { version: server.version, memory: server.memory === null ? "–" : bytes(server.memory), streams: formatDecimal(server.streams, language) })}
                {server.ahead_ms !== null && <> · {t("ahead", { ms: formatDecimal(server.ahead_ms, language) })}</>}
              </span>
            </div>
            <span className={classes.fine}>
              {t("seen")} <Instant value={server.seen_at} relative />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SlowStatements({ slow }: { slow: SlowStatement[] }) {
  const { t } = useTranslation("health");
  const language = useLanguage();
  return (
    <section className={section.section} aria-labelledby="health-slow">
      <h2 className={section.heading} id="health-slow">
        {t("slow")}
      </h2>
      <p className={section.hint}>{t("slowHint")}</p>
      {slow.length === 0 && <p className={classes.fine}>{t("noSlow")}</p>}
      <ul className={classes.list}>
        {slow.map((one, index) => (
          <li key={`${one.at} ${index}`} className={classes.statement}>
            <span className={classes.fine}>
              <strong className="figures">{t("ms", { ms: formatDecimal(one.ms, language) })}</strong> · <Instant value={one.at} />
              {one.what && <> · {one.what}</>}
              {one.request && <> · {t("request", { id: one.request })}</>}
            </span>
            <code className={classes.code} tabIndex={0} aria-label={t("statement")}>
              {one.statement}
            </code>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Errors({ errors }: { errors: Health["errors"] }) {
  const { t } = useTranslation("health");
  const language = useLanguage();
  return (
    <section className={section.section} aria-labelledby="health-errors">
      <h2 className={section.heading} id="health-errors">
        {t("errors")}
      </h2>
      <p className={section.hint}>{t("errorsHint")}</p>
      {errors.length === 0 && <p className={classes.fine}>{t("noErrors")}</p>}
      <ul className={classes.list}>
        {errors.map((one) => (
          <li key={`${one.status} ${one.code}`} className={classes.error}>
            <Tone tone={one.status >= 500 ? "danger" : "quiet"}>{one.status}</Tone>
            <code className={classes.key}>{one.code}</code>
            <span className="figures">{formatDecimal(one.count, language)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
