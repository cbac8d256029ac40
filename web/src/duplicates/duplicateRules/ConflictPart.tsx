import { useTranslation } from "react-i18next";
import { documentOf, type DuplicateRule, type DuplicateRuleDocument } from "~/api/duplicates";
import { useConditionText } from "~/conditions/useConditionText";
import { Meanwhile } from "~/objects/Meanwhile";
import { same } from "~/objects/meanwhile";
import { kindsOf } from "../ruleWords";
import { GroupWords } from "./GroupWords";

type Props = { present: DuplicateRule; draft: DuplicateRuleDocument; busy: boolean; onKeepMine: () => void; onTakeTheirs: () => void };

/** Somebody else has saved the rule meanwhile: where the two differ, and the choice. */
export function ConflictPart({ present, draft, busy, onKeepMine, onTakeTheirs }: Props) {
  const { t } = useTranslation("duplicateRules");
  const now = documentOf(present);
  const say = useConditionText(draft.object, now.when, draft.when, now.scope.condition, draft.scope.condition);
  const sides = (key: keyof DuplicateRuleDocument, name: string, tell: (rule: DuplicateRuleDocument) => React.ReactNode) => (same(now[key], draft[key]) ? [] : [{ name, now: tell(now), mine: tell(draft) }]);
  const rows = [
    ...sides("name", t("name"), (rule) => rule.name),
    ...sides("active", t("active"), (rule) => t(rule.active ? "yes" : "no", { ns: "ui" })),
    ...sides("kinds", t("kinds"), (rule) => kindsOf(rule).map((kind) => t(`kindShort.${kind}`)).join(t("comma"))),
    ...sides("groups", t("groups"), (rule) => <GroupWords rule={rule} />),
    ...sides("strictness", t("verdictTitle"), (rule) => [t(`strict.${rule.strictness.new}`), t(`strict.${rule.strictness.import}`)].join(" / ")),
    ...sides("when", t("when"), (rule) => (rule.when ? say(rule.when) : t("always"))),
    ...sides("scope", t("scope"), (rule) => (rule.scope.condition ? say(rule.scope.condition) : t("always"))),
  ];
  return <Meanwhile rows={rows} busy={busy} onKeepMine={onKeepMine} onTakeTheirs={onTakeTheirs} />;
}
