import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Field, ObjectDef, Refs, TeamMember, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import classes from "./FieldHistory.module.css";

type Props = {
  object: ObjectDef;
  changes: { field: string; old?: Value; new?: Value }[];
  team?: { old: TeamMember[]; new: TeamMember[] } | null;
  refs: Refs;
};

/** What fields were and what they became. */
export function Changes({ object, changes, team, refs }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const members = (team: TeamMember[]) => team.map((member) => refs[member.person]?.name ?? t("someone")).join(", ") || t("emptied");
  const known = changes.map((change) => ({ ...change, field: object.fields.find((it) => it.key === change.field) })).filter((change): change is typeof change & { field: Field } => Boolean(change.field));
  if (!team && known.length === 0) return null;
  return (
    <ul className={classes.changes}>
      {team && (
        <li>
          <span className={classes.field}>{t("tabTeam")}</span>
          <span className={classes.old}>
            <span className="visually-hidden">{t("was")} </span>
            {members(team.old)}
          </span>
          <IconArrowRight size={13} aria-label={t("became")} />
          <span>{members(team.new)}</span>
        </li>
      )}
      {known.map((change) => (
        <li key={change.field.key}>
          <span className={classes.field}>{label(change.field.label)}</span>
          {!isEmpty(change.old) && (
            <>
              <span className={classes.old}>
                <span className="visually-hidden">{t("was")} </span>
                <FieldShow field={change.field} value={change.old} refs={refs} />
              </span>
              <IconArrowRight size={13} aria-label={t("became")} />
            </>
          )}
          <span>{isEmpty(change.new) ? t("emptied") : <FieldShow field={change.field} value={change.new} refs={refs} />}</span>
        </li>
      ))}
    </ul>
  );
}
