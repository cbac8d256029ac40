import { useTranslation } from "react-i18next";
import { documentOf, useDeleteDuplicateRule, useSaveDuplicateRule, type DuplicateRule } from "~/api/duplicates";
import type { ObjectDef } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { SettingsList } from "~/ui/SettingsList";
import { kindsOf } from "../ruleWords";
import { GroupWords } from "./GroupWords";
import classes from "./rules.module.css";

/** The rules of one object: what each does in words, where it judges, and whether it is in force. */
export function RuleLines({ object, rules }: { object: ObjectDef; rules: DuplicateRule[] }) {
  const { t } = useTranslation("duplicateRules");
  const say = useConditionText(object.key, ...rules.map((rule) => rule.when));
  const save = useSaveDuplicateRule();
  const remove = useDeleteDuplicateRule();
  return (
    <SettingsList
      items={rules}
      open={{ to: "/admin/duplicate-rules/$rule", params: ({ id }) => ({ rule: id }) }}
      onTurn={(rule, active) => save.mutateAsync({ document: { ...documentOf(rule), active }, over: rule })}
      onRemove={(rule) => remove.mutateAsync(rule)}
      deleteTitle={(name) => t("deleteTitle", { name })}
      deleteText={t("deleteText")}
      what={(rule) => (
        <>
          <GroupWords rule={rule} />
          {rule.when && <p className={classes.fine}>{t("onlyWhen", { condition: say(rule.when) })}</p>}
        </>
      )}
      columns="auto"
      beside={(rule) => (
        <ul className={classes.kinds} aria-label={t("kinds")}>
          {rule.active ? kindsOf(rule).map((kind) => <li key={kind}>{t(`kindShort.${kind}`)}</li>) : <li data-off>{t("off")}</li>}
        </ul>
      )}
    />
  );
}
