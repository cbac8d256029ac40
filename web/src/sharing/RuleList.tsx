import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { documentOf, useDeleteSharingRule, useSaveSharingRule, type SharingRule } from "~/api/sharing";
import type { Refs } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { SettingsList } from "~/ui/SettingsList";
import { Receivers } from "./Receivers";
import classes from "./sharing.module.css";

type Props = { object: string; rules: SharingRule[]; refs: Refs; onEdit: (rule: SharingRule) => void };

/** The rules of one object: what each gives to whom, and whether it is in force. */
export function RuleList({ object, rules, refs, onEdit }: Props) {
  const { t } = useTranslation("sharing");
  const language = useLanguage();
  const say = useConditionText(object, ...rules.map((rule) => rule.condition));
  const save = useSaveSharingRule(object);
  const remove = useDeleteSharingRule(object);
  return (
    <SettingsList
      items={rules}
      open={onEdit}
      onTurn={(rule, active) => save.mutateAsync({ document: { ...documentOf(rule), active }, over: rule })}
      onRemove={(rule) => remove.mutateAsync(rule)}
      deleteTitle={(name) => t("deleteTitle", { name })}
      deleteText={t("deleteText")}
      what={(rule) => <p className={classes.fine}>{rule.condition ? say(rule.condition) : t("all")}</p>}
      columns="minmax(0, 4fr) minmax(90px, 2fr)"
      beside={(rule) => (
        <>
          <div className={classes.whom}>
            <Receivers to={rule.to} refs={refs} />
            <span className={classes.fine}>{t(rule.level === "read" ? "reads" : "writes")}</span>
          </div>
          <span className={classes.gives} aria-live="polite">
            {rule.settling ? (
              <>
                <Loader size={13} /> {t("settling")}
              </>
            ) : !rule.active ? (
              t("off")
            ) : (
              rule.records !== null && t("gives", { count: rule.records, shown: formatDecimal(rule.records, language) })
            )}
          </span>
        </>
      )}
    />
  );
}
