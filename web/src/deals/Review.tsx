import { ActionIcon, Button, Paper, Tooltip } from "@mantine/core";
import { IconPencil, IconZoomCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ObjectDef, Rec } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel, useLanguage } from "~/i18n";
import { RecordDialog } from "~/records/RecordDialog";
import { ErrorState } from "~/ui/ErrorState";
import { formatDay } from "~/ui/format";
import { Tone } from "~/ui/Tone";
import { REVIEW } from "./api";
import classes from "./competition.module.css";
import { useReviews, useWriting } from "./review";

const TOLD = ["main_reason", "competitor", "price_gap", "went_well", "do_better", "customer_said"];
const TONES: Record<string, "good" | "danger" | "quiet"> = { won: "good", lost: "danger" };

/** On the head of a deal that has ended and was not looked back at. */
export function ReviewAct({ deal }: { deal: Rec }) {
  const { t } = useTranslation("deals");
  const { object, missing } = useReviews(deal);
  const writing = useWriting(object, deal);
  if (!object || !missing) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconZoomCheck size={16} stroke={1.7} />} loading={writing.busy} onClick={writing.begin}>
        {t("writeReview")}
      </Button>
      {writing.begun && <RecordDialog object={object} given={writing.begun.given} refs={writing.begun.refs} entire onClose={writing.end} />}
    </>
  );
}

/** Why a deal ended as it did; where nobody has said it yet, the way to do so. */
export function Reviews({ deal }: { deal: Rec }) {
  const { t } = useTranslation("deals");
  const { object, ended, reviews, missing } = useReviews(deal);
  const writing = useWriting(object, deal);
  if (!object || !ended) return null;
  if (reviews.isError) return <ErrorState compact error={reviews.error} onRetry={() => void reviews.refetch()} />;
  if (!reviews.data || (reviews.data.length === 0 && !missing)) return null;
  return (
    <section aria-label={t("review")}>
      {missing && (
        <Paper className={classes.offerReview}>
          <span>{t(deal.fields.stage_type === "won" ? "whyWon" : "whyLost")}</span>
          <Button variant="light" size="compact-md" loading={writing.busy} onClick={writing.begin}>
            {t("writeReview")}
          </Button>
        </Paper>
      )}
      {reviews.data.map((review) => (
        <One key={review.id} object={object} review={review} mayEdit={object.acts.includes("edit") && (deal.can?.includes("edit") ?? false)} />
      ))}
      {writing.begun && <RecordDialog object={object} given={writing.begun.given} refs={writing.begun.refs} entire onClose={writing.end} />}
    </section>
  );
}

function One({ object, review, mayEdit }: { object: ObjectDef; review: Rec; mayEdit: boolean }) {
  const { t } = useTranslation("deals");
  const label = useLabel();
  const language = useLanguage();
  const [editing, setEditing] = useState(false);
  const field = (key: string) => object.fields.find((one) => one.key === key);
  const outcome = field("outcome")?.options?.find((option) => option.key === review.fields.outcome);
  const by = review.refs?.[String(review.fields.reviewed_by)]?.name;
  const on = typeof review.fields.reviewed_on === "string" ? formatDay(review.fields.reviewed_on, language) : undefined;
  const told = TOLD.flatMap((key) => field(key) ?? []).filter((one) => !isEmpty(review.fields[one.key]));
  return (
    <Paper className={classes.review}>
      <div className={classes.reviewTop}>
        <h2 className={classes.heading}>
          <Link to="/o/$object/$id" params={{ object: REVIEW, id: review.id }}>
            {label(object.label)}
          </Link>
        </h2>
        {outcome && <Tone tone={TONES[outcome.key] ?? "quiet"}>{label(outcome.label)}</Tone>}
        <span className={classes.by}>{[by, on].filter(Boolean).join(" · ")}</span>
        {mayEdit && (
          <Tooltip label={t("editReview")}>
            <ActionIcon size="sm" variant="subtle" color="gray" ml="auto" aria-label={t("editReview")} onClick={() => setEditing(true)}>
              <IconPencil size={15} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <dl className={classes.told}>
        {told.map((one) => (
          <div key={one.key}>
            <dt>{label(one.label)}</dt>
            <dd>
              <FieldShow field={one} value={review.fields[one.key]} refs={review.refs} />
            </dd>
          </div>
        ))}
      </dl>
      {editing && <RecordDialog object={object} record={review} onClose={() => setEditing(false)} />}
    </Paper>
  );
}
