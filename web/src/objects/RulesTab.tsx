import { ActionIcon, Button, Group, Modal, Select, Stack, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconGavel, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useChangeObject, type Definition, type Validation } from "~/api/definitions";
import { ApiProblem } from "~/api/http";
import { messageOf } from "~/api/problem";
import type { Violation } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { useConditionText } from "~/conditions/useConditionText";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { filledLabel, noLabel } from "./keys";
import { LabelInputs } from "./LabelInputs";
import { Meanwhile } from "./Meanwhile";
import { presentOf, same, writeOver } from "./meanwhile";
import { told } from "./told";
import classes from "./objects.module.css";

/** The same rule in a definition. */
const ruleIn = (definition: Definition, rule: Validation) => definition.validations.find((it) => it.key === rule.key);

/** What no record of the object may be like. */
export function RulesTab({ object }: { object: Definition }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const { rule: named } = useSearch({ strict: false }) as { rule?: string };
  const [edited, setEdited] = useState<number | undefined>(() => {
    const at = object.validations.findIndex((it) => it.key === named);
    return at < 0 ? undefined : at;
  });
  const [removed, setRemoved] = useState<number>();
  const save = useChangeObject(object.key);
  const rules = object.validations;
  const say = useConditionText(object.key, ...rules.map((rule) => rule.condition));
  const fieldName = (key: string) => label(object.fields.find((field) => field.key === key)?.label) || key;
  /** Puts `rule` in the place of `stored`, adds it or takes it away. Others' rules stay as they are now; only `stored` must be as it was. */
  const keep = (stored: Validation | undefined, rule: Validation | undefined, over: Definition = object) => {
    const put = (list: Validation[]) => (stored ? list.flatMap((it) => (it.key === stored.key ? (rule ? [rule] : []) : [it])) : rule ? [...list, rule] : list);
    const untouched = (now: Definition) => !stored || same(ruleIn(now, stored), stored);
    return writeOver(over.version, untouched, (version, found) => save.mutateAsync({ body: { validations: put((found ?? over).validations) }, version })).then(() => told(t("ruleSaved")));
  };
  const quietly = (stored: Validation, rule: Validation) => void keep(stored, rule).catch((error: unknown) => notifications.show({ color: "red", title: t("refused"), message: messageOf(error) }));

  return (
    <>
      <div className={classes.bar}>
        <Text size="sm" c="dimmed">
          {t("rulesHint")}
        </Text>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited(rules.length)}>
          {t("newRule")}
        </Button>
      </div>
      {rules.length === 0 ? (
        <EmptyState icon={<IconGavel size={32} stroke={1.4} />} title={t("rulesNone")}>
          {t("rulesNoneHint")}
        </EmptyState>
      ) : (
        <ol className={classes.rules}>
          {rules.map((rule, index) => {
            const words = label(rule.message) || t("ruleWords");
            return (
              <li key={rule.key ?? index} className={classes.rule} data-inactive={!rule.active || undefined}>
                <div>
                  <Text size="sm" fw={550}>
                    {words}
                  </Text>
                  <p className={classes.fine}>
                    {t("ruleWhen", { condition: say(rule.condition) })}
                    {rule.field && ` · ${t("ruleAt", { field: fieldName(rule.field) })}`}
                  </p>
                </div>
                <Switch
                  size="sm"
                  aria-label={`${t("ruleActive")}: ${words}`}
                  label={<span className={classes.wide}>{t("ruleActive")}</span>}
                  checked={rule.active}
                  disabled={save.isPending}
                  onChange={(event) => quietly(rule, { ...rule, active: event.currentTarget.checked })}
                />
                <ActionIcon aria-label={`${t("edit")}: ${words}`} onClick={() => setEdited(index)}>
                  <IconPencil size={16} />
                </ActionIcon>
                <ActionIcon aria-label={`${t("ruleRemove")}: ${words}`} onClick={() => setRemoved(index)}>
                  <IconTrash size={16} />
                </ActionIcon>
              </li>
            );
          })}
        </ol>
      )}
      {edited !== undefined && (
        <RuleDialog
          object={object}
          index={edited}
          onClose={() => setEdited(undefined)}
          onSave={keep}
        />
      )}
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t("ruleRemoveTitle")}
        text={removed === undefined ? "" : label(rules[removed]?.message)}
        confirm={t("ruleRemove")}
        danger
        onConfirm={() => keep(removed === undefined ? undefined : rules[removed], undefined)}
      />
    </>
  );
}

/** The part of a rule that a violation points at: `validations.2.condition` concerns the condition of the third. */
function partOf(violation: Violation, index: number): string | undefined {
  const parts = (violation.path ?? "").split(/[./[\]]+/).filter(Boolean);
  if (parts[0] !== "validations") return parts[0];
  return Number(parts[1]) === index ? parts[2] : undefined;
}

function RuleDialog({ object, index, onClose, onSave }: { object: Definition; index: number; onClose: () => void; onSave: (stored: Validation | undefined, rule: Validation | undefined, over: Definition) => Promise<unknown> }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  // What the person saw on opening.
  const [base, setBase] = useState(object);
  const [stored, setStored] = useState(object.validations[index]);
  const [rule, setRule] = useState<Validation>(stored ?? { condition: null, message: noLabel, field: null, active: true });
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const violations = error instanceof ApiProblem ? error.violations : [];
  const at = (part: string) => violations.filter((it) => partOf(it, index) === part);
  const loose = error === undefined ? [] : violations.length > 0 ? violations.filter((it) => !["condition", "message", "field"].includes(partOf(it, index) ?? "")).map((it) => it.message) : [messageOf(error)];
  const set = (change: Partial<Validation>) => setRule({ ...rule, ...change });

  const present = presentOf(error);
  const now = present && stored && ruleIn(present, stored);
  const say = useConditionText(object.key, rule.condition, now?.condition ?? null);
  const fieldName = (key: string | null | undefined) => label(object.fields.find((field) => field.key === key)?.label) || t("ruleFieldNone");

  const submit = async (over: Definition = base) => {
    setBusy(true);
    setError(undefined);
    const message = filledLabel(rule.message);
    try {
      await onSave(over === base ? stored : (stored && ruleIn(over, stored)), { ...rule, message }, over);
      onClose();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={stored ? t("editRule") : t("newRule")} size={620} closeOnClickOutside={false}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          {present ? (
            <Meanwhile
              text={now ? undefined : t("meanwhileGone")}
              rows={
                now
                  ? [
                      { name: t("ruleCondition"), now: say(now.condition), mine: say(rule.condition) },
                      { name: t("ruleMessage"), now: label(now.message), mine: label(filledLabel(rule.message)) },
                      { name: t("ruleField"), now: fieldName(now.field), mine: fieldName(rule.field) },
                    ].filter((row) => row.now !== row.mine)
                  : []
              }
              busy={busy}
              onKeepMine={() => void submit(present)}
              onTakeTheirs={() => {
                if (!now) return onClose();
                setBase(present);
                setStored(now);
                setRule(now);
                setError(undefined);
              }}
            />
          ) : (
            <GeneralFindings findings={{ byField: {}, general: loose }} />
          )}
          <ConditionEditor object={object.key} judgesChange label={t("ruleCondition")} hint={t("ruleConditionHint")} value={rule.condition} findings={at("condition")} onChange={(condition) => set({ condition: condition ?? null })} />
          <LabelInputs what={t("ruleMessage")} lines required value={rule.message} error={at("message").map((it) => it.message).join(" ") || undefined} onChange={(message) => set({ message })} />
          <Select
            label={t("ruleField")}
            placeholder={t("ruleFieldNone")}
            clearable
            searchable
            data={object.fields.filter((field) => field.state === "live" && !field.system).map((field) => ({ value: field.key, label: label(field.label) }))}
            value={rule.field ?? null}
            error={at("field").map((it) => it.message).join(" ") || undefined}
            onChange={(field) => set({ field })}
          />
          <Switch label={t("ruleActive")} checked={rule.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!rule.condition}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
