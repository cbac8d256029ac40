import { IconCheck, IconClock, IconMinus, IconPlayerTrackNext, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Approval, ApprovalEntry, ApprovalPerson } from "~/api/approvals";
import { useLanguage } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { Through } from "~/records/Through";
import { Instant } from "~/ui/Instant";
import classes from "./approvals.module.css";
import { tookWords } from "./took";
import { useNamed } from "./useWords";

const MARKS = { open: IconClock, passed: IconCheck, rejected: IconX, skipped: IconPlayerTrackNext, dropped: IconMinus };

/** The nodes that it has come to, with who was asked at each and how long it took. */
export function Steps({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const language = useLanguage();
  return (
    <section className={classes.card} aria-labelledby="approval-steps">
      <h2 id="approval-steps" className={classes.cardTitle}>
        {t("steps")}
      </h2>
      <ol className={classes.steps}>
        {approval.steps.map((step) => {
          const Mark = MARKS[step.state];
          return (
            <li key={step.n} className={classes.step} data-state={step.state}>
              <span className={classes.mark}>
                <Mark size={14} stroke={2} aria-hidden />
              </span>
              <div className={classes.stepBody}>
                <p className={classes.stepName}>
                  {step.node_name || step.node}
                  <span className={classes.soft}>
                    {step.method && step.people.length > 1 && ` · ${t(`methods.${step.method}`, { defaultValue: step.method })}`}
                    {step.state !== "open" && step.took_seconds > 0 && ` · ${t("took", { time: tookWords(step.took_seconds, language) })}`}
                  </span>
                </p>
                {step.instruction && <p className={classes.soft}>{step.instruction}</p>}
                <ul className={classes.askedPeople}>
                  {step.people.map((person) => (
                    <Person key={person.task} person={person} approval={approval} />
                  ))}
                </ul>
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Person({ person, approval }: { person: ApprovalPerson; approval: Approval }) {
  const { t } = useTranslation("approvals");
  const named = useNamed(approval.refs);
  return (
    <li className={classes.askedPerson} data-state={person.state}>
      <Avatar name={named.one(person.person)} size={20} />
      <span>{named.one(person.person)}</span>
      <span className={classes.soft}>
        {t(`people.${person.state}`)}
        {person.by_itself && ` (${t("byItself")})`}
        {person.by && ` ${t("answeredBy", { name: named.one(person.by) })}`}
        {person.state === "open" && person.due_at && (
          <>
            {" · "}
            {t("dueBy")} <Instant value={person.due_at} />
          </>
        )}
      </span>
    </li>
  );
}

/** Who did what, when, for whom, and what he said. */
export function Trail({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const language = useLanguage();
  return (
    <section className={classes.card} aria-labelledby="approval-trail">
      <h2 id="approval-trail" className={classes.cardTitle}>
        {t("trail")}
      </h2>
      <ol className={classes.trail}>
        {approval.trail.map((entry) => (
          <li key={entry.n} className={classes.entry}>
            <p>
              <Words entry={entry} approval={approval} />
              <span className={classes.soft}>
                <Through token={entry.token} />
                {" · "}
                <Instant value={entry.at} />
                {entry.took_seconds != null && entry.took_seconds > 0 && ` · ${t("took", { time: tookWords(entry.took_seconds, language) })}`}
              </span>
            </p>
            {entry.comment && <p className={classes.said}>{entry.comment}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Words({ entry, approval }: { entry: ApprovalEntry; approval: Approval }) {
  const { t } = useTranslation("approvals");
  const named = useNamed(approval.refs);
  const values = {
    node: entry.node_name || entry.node || "",
    person: named.one(entry.person),
    to: named.one(entry.to),
    outcome: entry.outcome ? t(`states.${entry.outcome}`).toLowerCase() : "",
  };
  if (entry.by_itself && (entry.what === "agreed" || entry.what === "rejected")) return <>{t(`entryByItself.${entry.what}`, values)}</>;
  const what = t(`entry.${entry.what}`, values);
  if (!entry.by) return <>{what.charAt(0).toUpperCase() + what.slice(1)}</>;
  const who = entry.on_behalf_of ? t("behalf", { name: named.one(entry.by), other: named.one(entry.on_behalf_of) }) : named.one(entry.by);
  return (
    <>
      <b>{who}</b> {what}
    </>
  );
}
