import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ApprovalSummary } from "~/api/approvals";
import { useMe, useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import { Instant } from "~/ui/Instant";
import { Tone } from "~/ui/Tone";
import classes from "./approvals.module.css";
import { STATE_TONE } from "./stateTone";
import { useNamed, useStageName, useWhat } from "./useWords";

/** Fields that a line tells of; the others are on the approval's own screen. */
const TOLD = 3;

type Props = { approval: ApprovalSummary; refs: Refs; /** Whether it can be chosen, to answer many at once. */ chosen?: boolean; onChoose?: (chosen: boolean) => void };

/** An approval in a list: what is asked about which record, by whom, and with whom it lies. */
export function ApprovalLine({ approval, refs, chosen, onChoose }: Props) {
  const { t } = useTranslation("approvals");
  const what = useWhat(approval.object, approval.what);
  const named = useNamed(refs);
  const object = useObject(approval.object);
  const Icon = iconOf(object ?? approval.object);
  const name = approval.record_name ?? t("hiddenRecord");
  const me = useMe().person.id;
  const { decided } = approval;
  const waits = approval.state === "running" && approval.waiting_for.length > 0 && !approval.can.includes("agree");
  const decidedWords = (answer: NonNullable<ApprovalSummary["decided"]>) => {
    const what = answer.what === "rejected" ? "rejected" : "agreed";
    if (answer.by !== me) return t(`decidedForYou.${what}`, { name: named.one(answer.by) });
    return answer.on_behalf_of ? t(`youDecidedFor.${what}`, { name: named.one(answer.on_behalf_of) }) : t(`youDecided.${what}`);
  };
  return (
    <li className={classes.line} data-chosen={chosen || undefined}>
      {onChoose && <Checkbox className={classes.tick} aria-label={t("select", { name })} checked={chosen ?? false} onChange={(event) => onChoose(event.currentTarget.checked)} />}
      <Link to="/approvals/$id" params={{ id: approval.id }} className={classes.lineBody}>
        <span className={classes.lineHead}>
          <Icon size={16} stroke={1.6} aria-hidden />
          <span className={classes.name}>{name}</span>
          {approval.state !== "running" && <Tone tone={STATE_TONE[approval.state]}>{t(`states.${approval.state}`)}</Tone>}
        </span>
        <span className={classes.what}>
          {what}
          {approval.asks.fields.length > 0 || approval.asks.to_stage || approval.asks.receiver ? ": " : ""}
          <Short approval={approval} refs={refs} />
        </span>
        <span className={classes.soft}>
          {approval.submitter === me ? t("youAsk") : t("asksBy", { name: named.one(approval.submitter) })} · <Instant value={approval.began_at} relative />
          {approval.on_behalf_of && ` · ${t("forOther", { name: named.one(approval.on_behalf_of) })}`}
          {waits && ` · ${t("waitsFor")} ${named.several(approval.waiting_for)}`}
          {approval.due_at && approval.state === "running" && (
            <span data-late={approval.overdue || undefined} className={classes.due}>
              {" · "}
              {t(approval.overdue ? "overdue" : "dueBy")} <Instant value={approval.due_at} />
            </span>
          )}
        </span>
        {decided && (
          <span className={classes.soft}>
            {decidedWords(decided)}
            {decided.by_itself && ` (${t("byItself")})`}
            {decided.at && (
              <>
                {" · "}
                <Instant value={decided.at} relative />
              </>
            )}
          </span>
        )}
      </Link>
    </li>
  );
}

function Short({ approval, refs }: { approval: ApprovalSummary; refs: Refs }) {
  const object = useObject(approval.object);
  const label = useLabel();
  const stage = useStageName();
  const named = useNamed(refs);
  const { asks } = approval;
  if (asks.to_stage) return <>{stage(asks.to_stage)}</>;
  if (asks.receiver) return <>{named.one(asks.receiver)}</>;
  // Its name stands above.
  const fields = asks.fields.filter((one) => one.field !== object?.name_field || approval.what === "edit");
  const shown = fields.slice(0, TOLD);
  return (
    <>
      {shown.map((one, n) => {
        const field = object?.fields.find((field) => field.key === one.field);
        return (
          <span key={one.field}>
            {n > 0 && ", "}
            {field ? label(field.label) : one.label} {field && <FieldShow field={field} value={one.after} refs={refs} dense />}
          </span>
        );
      })}
      {fields.length > TOLD && " …"}
    </>
  );
}
