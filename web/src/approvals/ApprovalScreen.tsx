import { Alert } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApproval, type Approval } from "~/api/approvals";
import { useObject, useRecord } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { Facts } from "~/records/Facts";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { PageSkeleton } from "~/ui/Skeletons";
import { Tone } from "~/ui/Tone";
import { Answer, Failed } from "./Answer";
import classes from "./approvals.module.css";
import { Asks } from "./Asks";
import { Steps, Trail } from "./Course";
import { MoreActs } from "./MoreActs";
import { Resubmit } from "./Resubmit";
import { STATE_TONE } from "./stateTone";
import { useNamed, useWhat } from "./useWords";

/** One approval: what is asked, what changes, how the record stands, and the answer. */
export function ApprovalScreen() {
  const { id } = useParams({ strict: false }) as { id: string };
  const approval = useApproval(id);
  if (approval.isError && !approval.data) return <ErrorState error={approval.error} onRetry={() => void approval.refetch()} />;
  if (!approval.data) return <PageSkeleton />;
  return <Whole key={id} approval={approval.data} />;
}

function Whole({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const what = useWhat(approval.object, approval.what);
  const named = useNamed(approval.refs);
  const name = approval.record_name ?? t("hiddenRecord");
  const mine = approval.can.includes("agree");
  const waits = approval.state === "running" && approval.waiting_for.length > 0;
  return (
    <Page
      title={name}
      above={
        <>
          <Link to="/approvals" className={classes.inText}>
            {t("title")}
          </Link> · {what}
        </>
      }
      narrow
      actions={<MoreActs approval={approval} />}
    >
      <div className={classes.whole}>
        <p className={classes.standing}>
          <Tone tone={STATE_TONE[approval.state]}>{t(`states.${approval.state}`)}</Tone>
          <span>
            {t("asksBy", { name: named.one(approval.submitter) })} · <Instant value={approval.began_at} />
            {waits && !mine && ` · ${t("waitsFor")} ${named.several(approval.waiting_for)}`}
            {approval.due_at && approval.state === "running" && (
              <span className={classes.due} data-late={approval.overdue || undefined}>
                {" · "}
                {t(approval.overdue ? "overdue" : "dueBy")} <Instant value={approval.due_at} />
              </span>
            )}
          </span>
        </p>
        {approval.description && <p className={classes.soft}>{approval.description}</p>}
        <Failed approval={approval} />
        <Asks approval={approval} />
        {approval.record_readable && <RecordState approval={approval} />}
        {approval.can.includes("resubmit") && <Resubmit approval={approval} />}
        <Steps approval={approval} />
        <Trail approval={approval} />
        {mine && <Answer key={approval.my_task} approval={approval} />}
      </div>
    </Page>
  );
}

/** How the record stands now, in its most telling fields. */
function RecordState({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const label = useLabel();
  const language = useLanguage();
  const object = useObject(approval.object);
  const record = useRecord(approval.object, approval.record);
  if (!object) return null;
  const noun = language === "en" ? label(object.label).toLowerCase() : label(object.label);
  const link = (
    <Link to="/o/$object/$id" params={{ object: approval.object, id: approval.record }}>
      {t("openRecord", { object: noun })}
    </Link>
  );
  if (record.isError) return <Alert variant="light">{link}</Alert>;
  return (
    <section className={classes.card} aria-labelledby="approval-record">
      <div className={classes.cardHead}>
        <h2 id="approval-record" className={classes.cardTitle}>
          {t("state", { object: noun })}
        </h2>
        {link}
      </div>
      {record.data && <Facts object={object} record={record.data} />}
    </section>
  );
}
