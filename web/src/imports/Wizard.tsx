import { Button, Paper, Stepper } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportFile } from "~/api/imports";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { CheckStep } from "./CheckStep";
import { answersOf, drafted, fingerprint, useDraft, withAnswers, withCreated, withOptions, withoutAnswer, type Answer, type Draft } from "./draft";
import { FoundStep } from "./FoundStep";
import classes from "./imports.module.css";
import { MappingStep } from "./MappingStep";
import { propose, proposePlan, useImport, useStartImport } from "./useImports";

const route = getRouteApi("/shell/imports/new");
export const PLACES = ["found", "mapping", "check"] as const;
export type WizardPlace = (typeof PLACES)[number];

/** From files to records, a screen each: what was found, what becomes of it, what would happen. Whoever leaves finds it as it was. */
export function Wizard() {
  const { t } = useTranslation(["imports", "ui"]);
  const navigate = useNavigate();
  const client = useQueryClient();
  const { at } = route.useSearch();
  const { draft, setDraft, clear } = useDraft();
  const start = useStartImport();
  const checked = useImport(draft?.check?.id).data;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const go = (place: WizardPlace) => void navigate({ to: "/imports/new", search: { at: place } });

  if (!draft) {
    return (
      <Page title={t("newTitle")} above={<Link to="/imports">{t("title")}</Link>}>
        <EmptyState
          title={t("noDraft")}
          action={
            <Button component={Link} to="/imports">
              {t("toFiles")}
            </Button>
          }
        />
      </Page>
    );
  }

  /** Does what may be refused, and tells the refusal where one is. */
  const attempt = async <T,>(act: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true);
    setError(undefined);
    try {
      return await act();
    } catch (refusal) {
      setError(refusal);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  const planAgain = (files: string[], keep: Draft | null) => attempt(async () => setDraft(drafted(files, await proposePlan(files), keep)));
  const corrected = (before: ImportFile, after: ImportFile) => {
    const names = (file: ImportFile) => file.columns.map((column) => column.name).join("\n");
    // Other columns want another mapping; the same ones keep theirs, however they are read.
    if (names(before) !== names(after)) return void planAgain(draft.files, { ...draft, steps: draft.steps.filter((step) => step.file !== after.id) });
    setDraft({ ...draft, check: undefined });
  };
  const check = async (of: Draft) => {
    const started = await attempt(() => start.mutateAsync({ steps: of.steps, prepare: of.prepare ?? undefined, name: of.plan?.source === "guess" ? undefined : of.plan?.name, dry_run: true }));
    if (!started) return setDraft(of);
    setDraft({ ...of, check: { id: started.id, of: fingerprint(of) } });
    if (at !== "check") go("check");
  };
  const toCheck = () => {
    const upToDate = draft.check?.of === fingerprint(draft) && checked && checked.state !== "failed" && checked.state !== "cancelled";
    if (upToDate) go("check");
    else void check(draft);
  };
  const answer = (answers: Answer[]) => {
    const next = withAnswers(draft, answers);
    const given = answersOf(next);
    const open = checked?.offered_values.some((it) => it.to !== null && !given.some((one) => one.step === it.step && one.column === it.column && one.from === it.from));
    // The last likely answer brings the next look at the whole; until then they gather.
    if (open) setDraft(next);
    else void check(next);
  };
  const begin = async () => {
    const started = await attempt(() => start.mutateAsync({ steps: draft.steps, prepare: draft.prepare ?? undefined, name: draft.plan?.source === "guess" ? undefined : draft.plan?.name, dry_run: false }));
    if (!started) return;
    await navigate({ to: "/imports/$id", params: { id: started.id }, replace: true });
    clear();
    void client.invalidateQueries({ queryKey: ["imports", "files"], exact: true });
  };

  return (
    <Page
      title={t("newTitle")}
      above={<Link to="/imports">{t("title")}</Link>}
      actions={
        <ConfirmButton
          variant="subtle"
          color="gray"
          title={t("discardTitle")}
          text={t("discardText")}
          confirm={t("discard")}
          danger
          onConfirm={async () => {
            await navigate({ to: "/imports" });
            clear();
          }}
        >
          {t("discard")}
        </ConfirmButton>
      }
      below={
        <Stepper active={PLACES.indexOf(at)} size="sm" wrap={false} classNames={{ step: classes.step, stepBody: classes.stepName }} onStepClick={(to) => (to === 2 ? toCheck() : go(PLACES[to] ?? "found"))}>
          {PLACES.map((place, index) => (
            <Stepper.Step key={place} label={t(`places.${place}`)} aria-label={t(`places.${place}`)} aria-current={place === at ? "step" : undefined} allowStepSelect={!busy && (index < 2 || draft.steps.length > 0)} />
          ))}
        </Stepper>
      }
    >
      <Paper p="lg" className={classes.paper}>
        {at === "found" && (
          <>
            {error != null && <ErrorState compact error={error} />}
            <FoundStep
              files={draft.files}
              busy={busy}
              onCorrected={corrected}
              onMore={(files) => void planAgain([...draft.files, ...files.map((file) => file.id)], draft)}
              onRemove={(file) => void planAgain(draft.files.filter((it) => it !== file), draft)}
              onNext={() => go("mapping")}
            />
          </>
        )}
        {at === "mapping" && (
          <MappingStep
            draft={draft}
            busy={busy}
            error={error}
            onOptions={(step, change) => setDraft(withOptions(draft, step, change))}
            onObject={(step, object) =>
              void attempt(async () => {
                const file = draft.steps[step]?.file ?? "";
                const { options } = await propose(file, object);
                setDraft({ ...draft, steps: draft.steps.map((it, index) => (index === step ? { file, options } : it)) });
              })
            }
            onRemove={(step) => setDraft({ ...draft, steps: draft.steps.filter((_, index) => index !== step) })}
            onBack={() => go("found")}
            onCheck={toCheck}
          />
        )}
        {at === "check" && (
          <CheckStep draft={draft} busy={busy} error={error} onAnswer={answer} onTakeBack={(one) => void check(withoutAnswer(draft, one))} onCreateAll={(step, column) => void check(withCreated(draft, step, column))} onOptions={(step, change) => setDraft(withOptions(draft, step, change))} onCheck={() => void check(draft)} onBack={() => go("mapping")} onImport={() => void begin()} />
        )}
      </Paper>
    </Page>
  );
}
