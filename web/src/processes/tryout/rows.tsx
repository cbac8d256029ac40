import { IconArrowRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MoneyValue } from "~/api/types";
import { Instant } from "~/ui/Instant";
import { Money } from "~/ui/Money";
import { StageDot } from "../StageDot";
import { useGateName, useStageName } from "./gateNames";
import type { Gate, Halted, Late, Moved, Refs } from "./tryout";
import classes from "./tryout.module.css";

/** A cell that says what it is where columns have no room. */
function Cell({ column, children, number }: { column: "move" | "at" | "by" | "owner" | "amount" | "heldBackBy" | "stage" | "enteredAt" | "dueAt" | "dueBefore" | "why"; children: ReactNode; number?: boolean }) {
  const { t } = useTranslation("tryout");
  return (
    <td data-label={t(column)} className={number ? classes.number : undefined}>
      {children}
    </td>
  );
}

function Deal({ id, refs }: { id: string; refs: Refs }) {
  const { t } = useTranslation("tryout");
  const known = refs[id];
  return (
    <td className={classes.name}>
      {known ? (
        <Link to="/o/$object/$id" params={{ object: "opportunity", id }}>
          {known.name || "–"}
        </Link>
      ) : (
        <em>{t("gone")}</em>
      )}
    </td>
  );
}

function Stage({ stage }: { stage: string }) {
  const stages = useStageName();
  return (
    <span className={classes.way}>
      <StageDot type={stages.type(stage)} /> {stages.name(stage)}
    </span>
  );
}

function Whose({ owner, amount, refs }: { owner?: string | null; amount?: MoneyValue | null; refs: Refs }) {
  const { t } = useTranslation("tryout");
  return (
    <>
      <Cell column="owner">{(owner && refs[owner]?.name) || t("nobody")}</Cell>
      <Cell column="amount" number>
        <Money value={amount} />
      </Cell>
    </>
  );
}

export function MovedRow({ row, refs, gates }: { row: Moved; refs: Refs; gates: Gate[] }) {
  const { t } = useTranslation("tryout");
  const name = useGateName();
  const stage = useStageName();
  const against = gates.filter((gate) => row.gates.includes(gate.key));
  return (
    <tr>
      <Deal id={row.opportunity} refs={refs} />
      <Cell column="move">
        <span className={classes.way}>
          {row.from ? stage.name(row.from) : t("created")} <IconArrowRight size={14} aria-hidden /> <Stage stage={row.to} />
        </span>
      </Cell>
      <Cell column="at">
        <Instant value={row.at} />
      </Cell>
      <Cell column="by">{refs[row.by]?.name ?? t("nobody")}</Cell>
      <Whose owner={row.owner} amount={row.amount} refs={refs} />
      <Cell column="heldBackBy">
        <ul className={classes.reasons}>
          {against.map((gate) => (
            <li key={gate.key} title={gate.message}>
              {name(gate)}
              {gate.stage !== row.to && <span className={classes.source}> · {stage.name(gate.stage)}</span>}
            </li>
          ))}
        </ul>
      </Cell>
    </tr>
  );
}

export function LateRow({ row, refs }: { row: Late; refs: Refs }) {
  const { t } = useTranslation("tryout");
  return (
    <tr>
      <Deal id={row.opportunity} refs={refs} />
      <Cell column="stage">
        <Stage stage={row.stage} />
      </Cell>
      <Cell column="enteredAt">
        <Instant value={row.entered_at} />
      </Cell>
      <Cell column="dueAt">
        <Instant value={row.due_at} />
      </Cell>
      <Cell column="dueBefore">{row.due_before ? <Instant value={row.due_before} /> : t("notDue")}</Cell>
      <Whose owner={row.owner} amount={row.amount} refs={refs} />
    </tr>
  );
}

export function HaltedRow({ row, refs }: { row: Halted; refs: Refs }) {
  const { t } = useTranslation("tryout");
  return (
    <tr>
      <Deal id={row.opportunity} refs={refs} />
      <Cell column="stage">
        <Stage stage={row.stage} />
      </Cell>
      <Cell column="why">
        <ul className={classes.reasons}>
          {row.why === "stage_missing" && <li>{t("stageMissing")}</li>}
          {row.why === "nothing_ahead" && row.requirements.length === 0 && <li>{t("nothingAhead")}</li>}
          {row.requirements.map((unmet, index) => (
            <li key={index}>{unmet.message}</li>
          ))}
        </ul>
      </Cell>
      <Whose owner={row.owner} amount={row.amount} refs={refs} />
    </tr>
  );
}
