import { useTranslation } from "react-i18next";
import type { HoldingRuleDocument } from "~/api/holdings";
import { useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { useLabel } from "~/i18n";
import { useNames } from "./useNames";
import { sentenceOf } from "./sentence";

/** Says a rule in the reader's words; names that are not known yet are looked up. */
export function useSentence(rule: HoldingRuleDocument, refs: Refs = {}): string {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const object = useObject(rule.object);
  const employee = useObject("employee");
  const { subject } = rule;
  const people = useConditionText("employee", subject.kind === "employees" ? subject.condition : undefined);
  const records = useConditionText(rule.object, rule.counts);
  const nameOf = useNames(subject.kind === "groups" ? "user_group" : "department", subject.kind === "employees" ? [] : subject.ids, refs);
  return sentenceOf(rule, {
    t,
    objects: label(object?.plural).toLowerCase(),
    people,
    records,
    nameOf,
    fieldName: (field) => label(employee?.fields.find((it) => it.key === field)?.label) || field,
  });
}
