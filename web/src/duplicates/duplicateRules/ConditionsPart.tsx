import { Checkbox, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import type { PartProps } from "./places";
import classes from "./rules.module.css";

/** Which records it judges, and with which it compares. */
export function ConditionsPart({ draft, at, onChange }: PartProps) {
  const { t } = useTranslation("duplicateRules");
  return (
    <section className={classes.part} aria-label={t("which")}>
      <h2>{t("which")}</h2>
      <p className={classes.hint}>{t("whichHint")}</p>
      <Stack gap="lg">
        <ConditionEditor object={draft.object} label={t("when")} hint={t("whenHint")} value={draft.when} findings={at("when")} onChange={(when) => onChange({ when: when ?? null })} />
        <ConditionEditor object={draft.object} label={t("scope")} hint={t("scopeHint")} value={draft.scope.condition} findings={at("scope")} onChange={(condition) => onChange({ scope: { ...draft.scope, condition: condition ?? null } })} />
        <Checkbox label={t("voided")} description={t("voidedHint")} checked={draft.scope.voided} onChange={(event) => onChange({ scope: { ...draft.scope, voided: event.currentTarget.checked } })} />
        <Checkbox label={t("unseen")} description={t("unseenHint")} checked={draft.scope.unseen} onChange={(event) => onChange({ scope: { ...draft.scope, unseen: event.currentTarget.checked } })} />
      </Stack>
    </section>
  );
}
