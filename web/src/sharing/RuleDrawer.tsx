import { Button, Drawer, Radio, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { useObjects } from "~/api/queries";
import { documentOf, useSaveSharingRule, useSharingPreview, type Level, type SharingRule, type SharingRuleDocument } from "~/api/sharing";
import type { ObjectDef, Refs, Violation } from "~/api/types";
import { isComplete } from "~/conditions/complete";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { useConditionText } from "~/conditions/useConditionText";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel, useLanguage } from "~/i18n";
import { Meanwhile } from "~/objects/Meanwhile";
import { same } from "~/objects/meanwhile";
import frame from "~/objects/objects.module.css";
import { told } from "~/objects/told";
import { formatDecimal } from "~/ui/format";
import { Receivers, ReceiversSelect } from "./Receivers";
import classes from "./sharing.module.css";

/** Records that a rule can give: those with owners, unless everybody writes them anyway. */
export const shareable = (object: ObjectDef) => object.owned && object.base !== "public_write";

const PARTS = ["object", "name", "condition", "to", "level"] as const;
const partOf = ({ path }: Violation) => (path ?? "").split(/[./]/).find(Boolean);
const TYPING = 350;

/** A rule: new, or one to change. */
export function RuleDrawer({ rule, object, refs, onClose }: { rule?: SharingRule; object?: string; refs: Refs; onClose: () => void }) {
  const { t } = useTranslation("sharing");
  const label = useLabel();
  const language = useLanguage();
  const all = useObjects();
  const objects = all.filter(shareable);
  const [base, setBase] = useState(rule);
  const [draft, setDraft] = useState<SharingRuleDocument>(
    rule ? documentOf(rule) : { object: object ?? objects.find((it) => it.key === "opportunity")?.key ?? objects[0]?.key ?? "", name: "", active: true, condition: null, to: [], level: "read" },
  );
  const save = useSaveSharingRule(draft.object);
  const set = (change: Partial<SharingRuleDocument>) => {
    if (save.isError && !isConflict(save.error)) save.reset();
    setDraft((now) => ({ ...now, ...change }));
  };
  const [asked] = useDebouncedValue(JSON.stringify(draft.condition), TYPING);
  const judged = JSON.parse(asked) as SharingRuleDocument["condition"];
  const complete = isComplete(draft.condition) && isComplete(judged);
  const preview = useSharingPreview(draft.object, judged, draft.object !== "" && complete);

  const present = isConflict(save.error) ? (save.error.record as unknown as SharingRule | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const at = (part: (typeof PARTS)[number]) => violations.filter((it) => partOf(it) === part);
  const textAt = (part: (typeof PARTS)[number]) => at(part).map((it) => it.message).join(" ") || undefined;
  const loose = save.isError && !present ? (violations.length > 0 ? violations.filter((it) => !PARTS.some((part) => part === partOf(it))).map((it) => it.message) : [messageOf(save.error)]) : [];
  const say = useConditionText(draft.object, draft.condition, present?.condition);

  const submit = (over: SharingRule | undefined = base) =>
    save.mutate(
      { document: { ...draft, name: draft.name.trim() }, over },
      {
        onSuccess: (saved) => {
          told(t("saved", { name: saved.name }));
          onClose();
        },
      },
    );
  const count = preview.data?.records;

  return (
    <Drawer opened position="right" size={620} onClose={onClose} closeOnClickOutside={rule ? same(draft, documentOf(rule)) : draft.name === ""} title={rule ? t("editRule", { name: rule.name }) : t("newRule")}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="lg">
          {present ? (
            <Meanwhile
              rows={[
                { name: t("name"), now: present.name, mine: draft.name, differs: present.name !== draft.name },
                { name: t("condition"), now: present.condition ? say(present.condition) : t("all"), mine: draft.condition ? say(draft.condition) : t("all"), differs: !same(present.condition, draft.condition) },
                { name: t("to"), now: <Receivers to={present.to} refs={refs} />, mine: <Receivers to={draft.to} refs={refs} />, differs: !same(present.to, draft.to) },
                { name: t("level"), now: t(`levels.${present.level}`), mine: t(`levels.${draft.level}`), differs: present.level !== draft.level },
                { name: t("active"), now: t(present.active ? "yes" : "no", { ns: "ui" }), mine: t(draft.active ? "yes" : "no", { ns: "ui" }), differs: present.active !== draft.active },
              ].filter((row) => row.differs)}
              busy={save.isPending}
              onKeepMine={() => submit(present)}
              onTakeTheirs={() => {
                setBase(present);
                setDraft(documentOf(present));
                save.reset();
              }}
            />
          ) : (
            <GeneralFindings findings={{ byField: {}, general: loose }} />
          )}
          <TextInput data-autofocus label={t("name")} description={t("nameHint")} withAsterisk value={draft.name} error={textAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
          {rule ? (
            <TextInput label={t("object")} value={label(all.find((it) => it.key === rule.object)?.plural) || rule.object} readOnly variant="filled" />
          ) : (
            <Select
              label={t("object")}
              description={t("objectHint")}
              allowDeselect={false}
              searchable
              data={objects.map((it) => ({ value: it.key, label: label(it.plural) }))}
              value={draft.object}
              error={textAt("object")}
              onChange={(key) => key && key !== draft.object && set({ object: key, condition: null })}
            />
          )}
          <div>
            <ConditionEditor key={draft.object} object={draft.object} ownOnly lasting label={t("condition")} hint={t("conditionHint")} value={draft.condition} findings={at("condition")} onChange={(condition) => set({ condition: condition ?? null })} />
            <p className={classes.preview} aria-live="polite">
              {preview.isError || !complete ? t("wouldNot") : count === undefined || (preview.isFetching && preview.isPlaceholderData) ? t("counting") : t("would", { count, shown: formatDecimal(count, language) })}
            </p>
          </div>
          <fieldset className={classes.set}>
            <legend>{t("to")}</legend>
            <ReceiversSelect value={draft.to} error={textAt("to")} onChange={(to) => set({ to })} />
          </fieldset>
          <Radio.Group label={t("level")} value={draft.level} error={textAt("level")} onChange={(level) => set({ level: level as Level })}>
            <Stack gap={8} mt={6}>
              {(["read", "read_write"] as const).map((level) => (
                <Radio key={level} value={level} label={t(`levels.${level}`)} description={t(`levelHints.${level}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Switch label={t("active")} checked={draft.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
          <div className={frame.foot}>
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={present !== undefined || (rule !== undefined && same(draft, documentOf(rule)))}>
              {t(rule ? "save" : "create")}
            </Button>
          </div>
        </Stack>
      </form>
    </Drawer>
  );
}
