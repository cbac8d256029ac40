import { Button } from "@mantine/core";
import { IconBuildingSkyscraper, IconUser, IconUsersGroup } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Reached, Usage } from "~/api/holdings";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { HeldBar } from "./HeldBar";
import classes from "./holding.module.css";
import { sortReached, unlimited } from "./usage";

export const SUBJECT_ICONS = { employee: IconUser, department: IconBuildingSkyscraper, user_group: IconUsersGroup };
const SHOWN = 50;
const NAMED = 6;

/** Whom a rule reaches, how full they are, and who is over: as it stands, or as a change would make it. */
export function Reach({ usage, trial }: { usage: Usage; /** What would be, if it were saved. */ trial?: boolean }) {
  const { t } = useTranslation("holding");
  const language = useLanguage();
  const [whole, setWhole] = useState(false);
  const number = (value: number) => formatDecimal(value, language);
  const nameOf = (id: string) => usage.refs[id]?.name ?? "…";
  const subjects = sortReached(usage.subjects, nameOf);
  const blank = unlimited(subjects);
  const newly = trial ? (usage.newly_over ?? 0) : 0;
  if (subjects.length === 0) return <p className={classes.fine}>{t("reachesNobody")}</p>;
  return (
    <>
      <p className={classes.sums} role="status">
        <span>{t("figures.people", { count: usage.people, shown: number(usage.people) })}</span>
        {usage.over > 0 ? <span data-tone="danger">{t("figures.over", { count: usage.over, shown: number(usage.over) })}</span> : <span>{t("figures.nobodyOver")}</span>}
        {newly > 0 && <span data-tone="danger">{t("figures.newly", { count: newly, shown: number(newly) })}</span>}
      </p>
      {usage.over > 0 && <p className={classes.fine}>{t("overKeeps")}</p>}
      <ul className={classes.reached} aria-label={t("reaches")} tabIndex={0}>
        {subjects.slice(0, whole ? undefined : SHOWN).map((subject) => (
          <ReachedLine key={subject.id} subject={subject} name={nameOf(subject.id)} trial={trial} />
        ))}
      </ul>
      {!whole && subjects.length > SHOWN && (
        <Button size="compact-sm" variant="subtle" onClick={() => setWhole(true)}>
          {t("showAll", { shown: number(subjects.length) })}
        </Button>
      )}
      {(usage.more ?? 0) > 0 && <p className={classes.fine}>{t("andMore", { count: usage.more })}</p>}
      {blank.length > 0 && (
        <p className={classes.fine} style={{ marginTop: 8 }}>
          {t("noLimitFor", { names: [blank.slice(0, NAMED).map(({ id }) => nameOf(id)).join(t("sentence.comma")), ...(blank.length > NAMED ? [t("andMore", { count: blank.length - NAMED })] : [])].join(" ") })}
        </p>
      )}
    </>
  );
}

function ReachedLine({ subject, name, trial }: { subject: Reached; name: string; trial?: boolean }) {
  const { t } = useTranslation("holding");
  const Icon = SUBJECT_ICONS[subject.object];
  const newly = trial && subject.over && subject.over_before === false;
  return (
    <li>
      <span className={classes.reachedName}>
        <Icon size={15} stroke={1.6} aria-hidden />
        <span>{name}</span>
        {subject.over && <span className={classes.mark}>{t(newly ? "newlyOver" : "overMark")}</span>}
      </span>
      <HeldBar limit={subject.limit} held={subject.held} name={name} />
    </li>
  );
}
