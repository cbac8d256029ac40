import { Button, Switch, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { holdingRuleOf, useDeleteHoldingRule, useSaveHoldingRule, type HoldingRule, type HoldingRuleDocument } from "~/api/holdings";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Refs, Violation } from "~/api/types";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { Meanwhile } from "~/objects/Meanwhile";
import { same } from "~/objects/meanwhile";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { Page } from "~/ui/Page";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { isJudgeable } from "./judgeable";
import classes from "./holding.module.css";
import { LimitInput } from "./LimitInput";
import { SubjectInput } from "./SubjectInput";
import { useSentence } from "./useSentence";
import { WouldDo } from "./WouldDo";

const PARTS = ["name", "note", "subject", "counts", "limit"];
const TYPING = 400;
const partOf = ({ path }: Violation) => (path ?? "").split(/[./]/).find(Boolean) ?? "";

type Props = { rule?: HoldingRule; object: string; refs: Refs; onLeave: (object: string) => void; onSaved: (rule: HoldingRule) => void };

/** A rule: new, or one to change, with what it would do beside it. */
export function RuleEditor({ rule, object, refs, onLeave, onSaved }: Props) {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const plural = label(useObject(object)?.plural) || object;
  const [base, setBase] = useState(rule);
  const [draft, setDraft] = useState<HoldingRuleDocument>(rule ? holdingRuleOf(rule) : { object, name: "", active: true, subject: { kind: "employees" }, limit: { kind: "number", number: 10 } });
  const [removing, setRemoving] = useState(false);
  const save = useSaveHoldingRule();
  const remove = useDeleteHoldingRule();
  const left = useRef(false);
  const set = (change: Partial<HoldingRuleDocument>) => {
    if (save.isError && !isConflict(save.error)) save.reset();
    setDraft((now) => ({ ...now, ...change }));
  };
  const [asked] = useDebouncedValue(JSON.stringify(draft), TYPING);
  const judged = JSON.parse(asked) as HoldingRuleDocument;
  const sentence = useSentence(draft, refs);
  const begun = base ? !same(holdingRuleOf(draft), holdingRuleOf(base)) : draft.name !== "";

  const present = isConflict(save.error) ? (save.error.record as unknown as HoldingRule | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const at = (part: string) => violations.filter((it) => partOf(it) === part);
  const textAt = (part: string) => at(part).map((it) => it.message).join(" ") || undefined;
  const loose = save.isError && !present ? (violations.length > 0 ? violations.filter((it) => !PARTS.includes(partOf(it))).map((it) => it.message) : [messageOf(save.error)]) : [];
  const submit = (over: HoldingRule | undefined = base) =>
    save.mutate(
      { document: { ...holdingRuleOf(draft), name: draft.name.trim() }, over },
      {
        onSuccess: (saved) => {
          told(t("saved", { name: saved.name }));
          setBase(saved);
          setDraft(holdingRuleOf(saved));
          left.current = !rule;
          onSaved(saved);
        },
      },
    );
  const take = (theirs: HoldingRule) => {
    setBase(theirs);
    setDraft(holdingRuleOf(theirs));
    save.reset();
  };

  return (
    <Page
      title={base?.name ?? t("newRule")}
      above={
        <Link to="/admin/holding" search={object === "opportunity" ? {} : { object }}>
          {t("title")} · {plural}
        </Link>
      }
      actions={
        base && (
          <Button variant="default" c="var(--danger)" leftSection={<IconTrash size={16} stroke={1.7} />} onClick={() => setRemoving(true)}>
            {t("delete")}
          </Button>
        )
      }
    >
      <div className={classes.editor}>
        <form
          noValidate
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {present ? (
            <Meanwhile
              rows={[
                { name: t("name"), now: present.name, mine: draft.name, differs: present.name !== draft.name },
                { name: t("inWords"), now: <Words rule={present} refs={refs} />, mine: sentence, differs: !same(holdingRuleOf({ ...present, name: "", active: true }), holdingRuleOf({ ...draft, name: "", active: true })) },
                { name: t("active"), now: t(present.active ? "yes" : "no", { ns: "ui" }), mine: t(draft.active ? "yes" : "no", { ns: "ui" }), differs: present.active !== draft.active },
              ].filter((row) => row.differs)}
              busy={save.isPending}
              onKeepMine={() => submit(present)}
              onTakeTheirs={() => take(present)}
            />
          ) : (
            <GeneralFindings findings={{ byField: {}, general: loose }} />
          )}
          <TextInput label={t("name")} description={t("nameHint")} withAsterisk autoFocus={!rule} value={draft.name} error={textAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
          <SubjectInput value={draft.subject} refs={refs} findings={at("subject")} onChange={(subject) => set({ subject })} />
          <ConditionEditor object={object} lasting label={t("counts")} hint={t("countsHint")} value={draft.counts} findings={at("counts")} onChange={(counts) => set({ counts: counts ?? null })} />
          <LimitInput value={draft.limit} error={textAt("limit")} onChange={(limit) => set({ limit })} />
          <Textarea label={t("note")} description={t("noteHint")} autosize minRows={1} value={draft.note ?? ""} error={textAt("note")} onChange={(event) => set({ note: event.currentTarget.value })} />
          <Switch label={t("active")} checked={draft.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
          <div className={classes.foot}>
            <Button variant="default" onClick={() => onLeave(object)}>
              {t(base && !begun ? "back" : "cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={present !== undefined || (base !== undefined && !begun)}>
              {t(base ? "save" : "create")}
            </Button>
          </div>
        </form>
        <aside className={classes.beside} aria-label={t(begun || !base ? "wouldDo" : "reaches")}>
          <p className={classes.sentence} aria-live="polite">
            {sentence}
          </p>
          <WouldDo rule={judged} saved={base} changed={begun || !base} ready={remove.isIdle && isJudgeable(draft) && isJudgeable(judged)} />
        </aside>
      </div>
      <UnsavedGuard changed={() => begun && !left.current} />
      <ConfirmDialog
        opened={removing}
        onClose={() => setRemoving(false)}
        title={t("deleteTitle", { name: base?.name ?? "" })}
        text={t("deleteText")}
        confirm={t("delete")}
        danger
        onConfirm={async () => {
          if (!base) return;
          await remove.mutateAsync(base);
          left.current = true;
          told(t("deleted", { name: base.name }));
          onLeave(object);
        }}
      />
    </Page>
  );
}

function Words({ rule, refs }: { rule: HoldingRule; refs: Refs }) {
  return <>{useSentence(rule, refs)}</>;
}
