import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { MatchGroup } from "~/api/duplicates";
import { useObject } from "~/api/queries";
import { groupOf } from "../methods";
import { GroupCard } from "./GroupCard";
import { said, type PartProps } from "./places";
import classes from "./rules.module.css";

/** When two records are alike: in any of the groups, with all of its rows. */
export function GroupsPart({ draft, at, onChange }: PartProps) {
  const { t } = useTranslation("duplicateRules");
  const own = useObject(draft.object);
  if (!own) return null;
  const put = (index: number, group: MatchGroup | undefined) => onChange({ groups: draft.groups.flatMap((it, place) => (place === index ? (group ? [group] : []) : [it])) });
  const loose = at("groups").filter(({ path }) => !/^groups[./]\d+/.test(path ?? ""));
  return (
    <section className={classes.part} aria-label={t("groups")}>
      <h2>{t("groups")}</h2>
      <p className={classes.hint}>{t("groupsHint")}</p>
      {draft.groups.map((group, index) => (
        <Fragment key={index}>
          {index > 0 && <div className={classes.or}>{t("or")}</div>}
          <GroupCard own={own} group={group} number={index + 1} strict={draft.strictness.new} findings={(...place) => at("groups", index, ...place)} onChange={(next) => put(index, next)} onRemove={draft.groups.length > 1 ? () => put(index, undefined) : undefined} />
        </Fragment>
      ))}
      {said(loose) && (
        <p className={classes.rowError} role="alert">
          {said(loose)}
        </p>
      )}
      <Button mt="sm" size="compact-md" variant="default" leftSection={<IconPlus size={15} />} onClick={() => onChange({ groups: [...draft.groups, groupOf(own, own)] })}>
        {t("addGroup")}
      </Button>
    </section>
  );
}
