import { Alert, Button, Drawer, Group, Stack, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { leadRuleOf, useSaveLeadRule, type LeadRule, type LeadRuleDocument } from "~/api/leadAdmin";
import { isConflict, messageOf } from "~/api/problem";
import type { Refs, Violation } from "~/api/types";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { GeneralFindings } from "~/fields/FieldForm";
import { told } from "~/objects/told";
import { ReceiversSelect } from "~/sharing/Receivers";
import classes from "./leads.module.css";

const PARTS = ["name", "condition", "to"];
const partOf = ({ path }: Violation) => (path ?? "").split(/[./]/).find(Boolean) ?? "";

/** A rule: new, or one to change. */
export function AssignmentRuleDrawer({ rule, onClose }: { rule?: LeadRule; refs: Refs; onClose: () => void }) {
  const { t } = useTranslation("leads");
  const [base, setBase] = useState(rule);
  const [draft, setDraft] = useState<LeadRuleDocument>(rule ? leadRuleOf(rule) : { name: "", active: true, condition: null, to: [] });
  const save = useSaveLeadRule();
  const present = isConflict(save.error) ? (save.error.record as unknown as LeadRule | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const at = (part: string) => violations.filter((it) => partOf(it) === part);
  const textAt = (part: string) => at(part).map((it) => it.message).join(" ") || undefined;
  const loose = save.isError && !present ? (violations.length > 0 ? violations.filter((it) => !PARTS.includes(partOf(it))).map((it) => it.message) : [messageOf(save.error)]) : [];
  const set = (change: Partial<LeadRuleDocument>) => setDraft((now) => ({ ...now, ...change }));
  return (
    <Drawer opened position="right" size={600} onClose={onClose} closeOnClickOutside={false} title={rule ? t("editRule", { name: rule.name }) : t("newRule")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(
            { document: { ...draft, name: draft.name.trim() }, over: base },
            {
              onSuccess: (saved) => {
                told(t("saved", { name: saved.name }));
                onClose();
              },
            },
          );
        }}
      >
        <Stack gap="lg">
          <GeneralFindings findings={{ byField: {}, general: loose }} />
          {present && <ChangedMeanwhile onTake={() => (setBase(present), setDraft(leadRuleOf(present)), save.reset())} onKeep={() => (setBase(present), save.reset())} />}
          <TextInput data-autofocus label={t("ruleName")} withAsterisk value={draft.name} error={textAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
          <ConditionEditor object="lead" lasting label={t("condition")} hint={t("conditionHint")} value={draft.condition} findings={at("condition")} onChange={(condition) => set({ condition: condition ?? null })} />
          <fieldset className={classes.set}>
            <legend>{t("receivers")}</legend>
            <p className={classes.fine}>{t("receiversHint")}</p>
            <ReceiversSelect value={draft.to} error={textAt("to")} onChange={(to) => set({ to })} />
          </fieldset>
          <Switch label={t("inForce")} checked={draft.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

/** Somebody else has changed what is open here: his version, or one's own over it. */
export function ChangedMeanwhile({ onTake, onKeep }: { onTake: () => void; onKeep: () => void }) {
  const { t } = useTranslation("leads");
  return (
    <Alert color="yellow" variant="light" role="alert" title={t("changedMeanwhile")}>
      <Group gap="sm" mt={4}>
        <Button size="compact-sm" variant="default" onClick={onTake}>
          {t("takeTheirs")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onKeep}>
          {t("keepMine")}
        </Button>
      </Group>
    </Alert>
  );
}
