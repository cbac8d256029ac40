import { IconBuildingSkyscraper, IconCheckbox, IconChecks, IconChevronRight, IconCrown, IconDroplet, IconLink, IconListCheck, IconShare, IconShieldCheck, IconUser, IconUserQuestion, IconUsers, IconWorld } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Trans, useTranslation } from "react-i18next";
import type { Reason } from "~/api/access";
import { useMe, useObjects } from "~/api/queries";
import { useRoles } from "~/api/roles";
import type { Refs } from "~/api/types";
import { useLabel } from "~/i18n";
import { useTeamRoles } from "~/records/teamRoles";
import classes from "./access.module.css";

const ICONS = { owner: IconUser, manager: IconCrown, head: IconBuildingSkyscraper, assistant: IconBuildingSkyscraper, team: IconUsers, share: IconShare, task: IconCheckbox, assignee: IconCheckbox, stage_task: IconListCheck, approval: IconChecks, ownerless: IconUserQuestion, pool: IconDroplet, role: IconShieldCheck, public: IconWorld, parent: IconLink };

/** Ways that give to read, or to edit as well; the others follow from who one is. */
const OF_A_LEVEL: ReadonlySet<Reason["why"]> = new Set(["team", "share", "stage_task", "approval", "public"]);

type Props = {
  reasons: Reason[];
  refs: Refs;
  /** Of the record that is seen: the chain of managers begins with its owner. */
  owner?: string;
};

/** Why somebody sees a record, in words, each with the way to where it can be changed. */
export function Reasons({ reasons, refs, owner }: Props) {
  const { t } = useTranslation("access");
  return (
    <ul className={classes.reasons} aria-label={t("reasons")}>
      {reasons.map((reason, index) => {
        const Icon = ICONS[reason.why] ?? IconLink;
        return (
          <li key={index}>
            <Icon size={15} stroke={1.7} aria-hidden />
            <div>
              <span>
                <Words reason={reason} refs={refs} />
              </span>
              {OF_A_LEVEL.has(reason.why) && <span className={classes.level}> · {t(`levels.${reason.level}`)}</span>}
              <Chain reason={reason} refs={refs} owner={owner} />
              {reason.reasons && reason.reasons.length > 0 && <Reasons reasons={reason.reasons} refs={refs} />}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Words({ reason, refs }: { reason: Reason; refs: Refs }): ReactNode {
  const { t } = useTranslation("access");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const roles = useRoles();
  const teamRole = useTeamRoles();
  const nameOf = (id: string | undefined) => (id ? (refs[id]?.name ?? "…") : "");
  const { why, chain = [], department, role, rule, name = "", to } = reason;
  switch (why) {
    case "manager":
      return t(chain.length <= 1 ? "why.manager1" : chain.length === 2 ? "why.manager2" : "why.managerN");
    case "head":
    case "assistant":
      return t(`why.${why}${chain.length > 1 ? "Above" : ""}` as "why.head", { department: nameOf(department) });
    case "team":
      return role ? t("why.team", { role: teamRole.name(role) }) : t("why.teamPlain");
    case "share": {
      const key = to?.kind === "department" ? "why.shareDepartment" : to?.kind === "group" ? "why.shareGroup" : "why.sharePerson";
      const link = me.admin && rule ? <Link to="/admin/sharing" search={{ rule }} /> : <b />;
      return <Trans t={t} i18nKey={key} values={{ rule: name, to: nameOf(to?.id) }} components={{ 1: link }} />;
    }
    case "pool": {
      const link = reason.pool ? <Link to="/pools/$pool" params={{ pool: reason.pool }} /> : <b />;
      return <Trans t={t} i18nKey="why.pool" values={{ pool: name }} components={{ 1: link }} />;
    }
    case "role": {
      const called = label(roles.data?.items.find((it) => it.key === role)?.name) || (role ?? "");
      const link = me.admin && role ? <Link to="/admin/roles/$role" params={{ role }} search={{}} /> : <b />;
      return <Trans t={t} i18nKey="why.role" values={{ role: called }} components={{ 1: link }} />;
    }
    case "parent": {
      const { object = "", record = "" } = reason;
      const link = record ? <Link to="/o/$object/$id" params={{ object, id: record }} /> : <b />;
      return <Trans t={t} i18nKey="why.parent" values={{ field: label(objects.find((it) => it.key === object)?.label) || object, record: nameOf(record) }} components={{ 1: link }} />;
    }
    default:
      return t(`why.${why}`);
  }
}

/** From the owner up to the person, or from the owner's department up to his. */
function Chain({ reason, refs, owner }: { reason: Reason; refs: Refs; owner?: string }) {
  const { why, chain = [] } = reason;
  const ids = why === "manager" && owner ? [owner, ...chain] : chain;
  if (ids.length < 2) return null;
  return (
    <span className={classes.chain}>
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && <IconChevronRight size={12} aria-label="→" />}
          {refs[id]?.name ?? "…"}
        </span>
      ))}
    </span>
  );
}
