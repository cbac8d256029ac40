import { Button, Switch } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { documentOf, useDeleteDuplicateRule, useSaveDuplicateRule, type DuplicateRule, type DuplicateRuleDocument } from "~/api/duplicates";
import { ApiProblem } from "~/api/http";
import { isConflict, messageOf } from "~/api/problem";
import { useObject, useObjects } from "~/api/queries";
import { isComplete } from "~/conditions/complete";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { same } from "~/objects/meanwhile";
import { told } from "~/objects/told";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { Page } from "~/ui/Page";
import { UnsavedGuard } from "~/ui/UnsavedGuard";
import { isWhole, shownFor } from "../methods";
import { AboutPart } from "./AboutPart";
import { ConditionsPart } from "./ConditionsPart";
import { ConflictPart } from "./ConflictPart";
import { GroupsPart } from "./GroupsPart";
import { partOf, PARTS, type At } from "./places";
import { PreviewPart } from "./PreviewPart";
import { ShownPart } from "./ShownPart";
import { VerdictPart } from "./VerdictPart";
import classes from "./rules.module.css";

/** A rule as a page: what it looks at, with what it compares, what comes of it, and what it would find now. */
export function RuleEditor({ stored, begins }: { stored?: DuplicateRule; begins: DuplicateRuleDocument }) {
  const { t } = useTranslation("duplicateRules");
  const label = useLabel();
  const navigate = useNavigate();
  const objects = useObjects();
  const [base, setBase] = useState(stored);
  const [before, setBefore] = useState(begins);
  const [draft, setDraft] = useState(begins);
  const object = useObject(draft.object);
  const save = useSaveDuplicateRule();
  const remove = useDeleteDuplicateRule();
  // Once it is saved or deleted, one leaves without being asked.
  const leaving = useRef(false);
  const changed = !same(draft, before);
  const set = (change: Partial<DuplicateRuleDocument>) => {
    if (save.isError && !isConflict(save.error)) save.reset();
    setDraft((now) => {
      const next = { ...now, ...change };
      return change.groups ? { ...next, shows: shownFor(next, objects) } : next;
    });
  };
  const present = isConflict(save.error) ? (save.error.record as unknown as DuplicateRule | undefined) : undefined;
  const violations = save.error instanceof ApiProblem && !present ? save.error.violations : [];
  const at: At = (...place) => violations.filter((it) => partOf(it, place.length) === place.join("/"));
  const loose = save.isError && !present ? (violations.length > 0 ? violations.filter((it) => !PARTS.includes(partOf(it, 1))).map((it) => it.message) : [messageOf(save.error)]) : [];
  const whole = draft.name.trim() !== "" && isWhole(draft) && isComplete(draft.when) && isComplete(draft.scope.condition);
  const back = () => {
    leaving.current = true;
    void navigate({ to: "/admin/duplicate-rules" });
  };
  const submit = (over = base) =>
    save.mutate(
      { document: { ...draft, name: draft.name.trim() }, over },
      {
        onSuccess: (saved) => {
          told(t("saved", { name: saved.name }));
          back();
        },
      },
    );

  return (
    <Page
      title={stored ? (base?.name ?? stored.name) : t("newTitle", { objects: label(object?.plural) })}
      above={<Link to="/admin/duplicate-rules">{t("title")}</Link>}
      pinned
      narrow
      actions={
        <>
          <Switch label={t("active")} checked={draft.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
          {base && (
            <ConfirmButton
              variant="default"
              c="var(--danger)"
              leftSection={<IconTrash size={16} stroke={1.7} />}
              title={t("deleteTitle", { name: base.name })}
              text={t("deleteText")}
              confirm={t("delete")}
              danger
              onConfirm={async () => {
                await remove.mutateAsync(base);
                told(t("deleted", { name: base.name }));
                back();
              }}
            >
              {t("delete")}
            </ConfirmButton>
          )}
          <Button loading={save.isPending} disabled={present !== undefined || !whole || (stored !== undefined && !changed)} onClick={() => submit()}>
            {t(stored ? "save" : "create")}
          </Button>
        </>
      }
    >
      <div className={classes.form}>
        {present ? (
          <ConflictPart
            present={present}
            draft={draft}
            busy={save.isPending}
            onKeepMine={() => submit(present)}
            onTakeTheirs={() => {
              setBase(present);
              setBefore(documentOf(present));
              setDraft(documentOf(present));
              save.reset();
            }}
          />
        ) : (
          <GeneralFindings findings={{ byField: {}, general: loose }} />
        )}
        <AboutPart draft={draft} at={at} onChange={set} />
        <GroupsPart draft={draft} at={at} onChange={set} />
        <VerdictPart draft={draft} at={at} onChange={set} />
        <ConditionsPart draft={draft} at={at} onChange={set} />
        <ShownPart draft={draft} at={at} onChange={set} />
        <PreviewPart draft={draft} ready={isWhole(draft) && isComplete(draft.when) && isComplete(draft.scope.condition)} />
      </div>
      <UnsavedGuard changed={() => changed && !leaving.current} />
    </Page>
  );
}
