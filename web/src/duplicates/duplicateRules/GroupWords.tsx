import { useTranslation } from "react-i18next";
import type { DuplicateRuleDocument } from "~/api/duplicates";
import { useObject, useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { verdictOf } from "../ruleWords";
import { useRuleWords } from "../useRuleWords";
import classes from "./rules.module.css";

/** What a rule does, group by group: what must be alike, and whether that blocks or warns. */
export function GroupWords({ rule }: { rule: Pick<DuplicateRuleDocument, "object" | "groups" | "strictness" | "kinds"> }) {
  const { t } = useTranslation("duplicateRules");
  const label = useLabel();
  const objects = useObjects();
  const own = useObject(rule.object);
  const say = useRuleWords(rule.object);
  const strict = rule.kinds.new || !rule.kinds.import ? rule.strictness.new : rule.strictness.import;
  return (
    <ul className={classes.words}>
      {rule.groups.map((group, index) => {
        const verdict = verdictOf(strict, group);
        const other = objects.find((it) => it.key === group.object);
        return (
          <li key={index}>
            <span className={classes.verdict} data-verdict={verdict}>
              {t(`verdict.${verdict}`)}
            </span>
            <span>
              {say(group)}
              {group.object !== own?.key && <span className={classes.among}> {t("among", { objects: label(other?.plural) || group.object })}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
