import { useTranslation } from "react-i18next";
import type { MatchGroup, Row } from "~/api/duplicates";
import { useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { groupWords } from "./ruleWords";

/** Says what the groups of a rule on an object ask. */
export function useRuleWords(object: string) {
  const { t } = useTranslation("duplicates");
  const label = useLabel();
  const objects = useObjects();
  const fieldName = (key: string, field: string) => label(objects.find((it) => it.key === key)?.fields.find((it) => it.key === field)?.label) || field;
  const method = (key: Row["method"]) => (field: string, n: number) => t(`methodWords.${key}`, { field, n });
  return (group: MatchGroup) =>
    groupWords(group, (row) => ({ own: fieldName(object, row.field), other: fieldName(group.object, row.other) }), {
      method: {
        exact: method("exact"), fuzzy: method("fuzzy"), contains: method("contains"), same_digits: method("same_digits"),
        same_domain: method("same_domain"), within_days: method("within_days"), within_percent: method("within_percent"),
      },
      across: (own, other) => t("reasonAcross", { own, other }),
      and: t("rowAnd"),
    });
}
