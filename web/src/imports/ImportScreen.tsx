import { Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { filesOf, type Import } from "~/api/imports";
import { messageOf } from "~/api/problem";
import { ConfirmButton } from "~/ui/ConfirmButton";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { AlikeRows } from "./AlikeRows";
import { CorrectRows } from "./CorrectRows";
import { useDraft, type Draft } from "./draft";
import { ImportCounts } from "./ImportCounts";
import { ImportProgress } from "./ImportProgress";
import classes from "./imports.module.css";
import { Note } from "./Note";
import { Outcomes } from "./Outcomes";
import { ProblemTable } from "./ProblemTable";
import { ResultFiles } from "./ResultFiles";
import { STATE_COLOURS } from "./states";
import { StepTable } from "./StepTable";
import { UndoCard } from "./UndoCard";
import { isUnderWay, readRecordsAgain, useImport, useImportAct } from "./useImports";

const route = getRouteApi("/shell/imports/$id");

/** What an import was asked for, to be asked again. */
const draftOf = (of: Import): Draft => ({
  files: [...new Set(of.steps.map((step) => step.file))],
  plan: of.name ? { name: of.name, source: "template" } : null,
  steps: of.steps.map(({ file, options }) => ({ file, options })),
  prepare: of.prepare,
});

/** One import: on its way, done, stopped or taken back. One may leave and come back. */
export function ImportScreen() {
  const { t } = useTranslation("imports");
  const { id } = route.useParams();
  const client = useQueryClient();
  const found = useImport(id);
  const of = found.data;
  const under = of !== undefined && isUnderWay(of);
  const ended = of !== undefined && !of.dry_run && !under;
  useEffect(() => {
    if (ended) readRecordsAgain(client);
  }, [client, ended]);
  return (
    <Page title={of ? filesOf(of) : "…"} above={<Link to="/imports">{t("title")}</Link>} actions={of && <Acts of={of} />}>
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <RowSkeletons rows={6} />}
      {of && (
        <Paper p="lg" className={classes.paper}>
          <Stack gap="md">
            <Text size="sm" c="dimmed" component="div">
              <Badge color={of.dry_run ? "gray" : STATE_COLOURS[of.state]} mr="xs">
                {t(of.dry_run && of.state === "done" ? "dryRun" : `states.${of.state}`)}
              </Badge>
              <Instant value={of.started_at} />
            </Text>
            {under ? <Course of={of} /> : <Ended of={of} />}
          </Stack>
        </Paper>
      )}
    </Page>
  );
}

function Course({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  return (
    <>
      <ImportProgress of={of} />
      <p className={classes.fine}>{t("mayLeave")}</p>
      {of.done > 0 && <ImportCounts of={of} dry={of.dry_run} />}
    </>
  );
}

function Ended({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  const whole = of.state === "done";
  const words = of.state === "undone" ? t("undoneState") : of.dry_run ? t("checked") : t(whole ? (of.failed > 0 ? "importedPartly" : "imported") : of.state === "cancelled" ? "cancelledState" : "failedState");
  return (
    <>
      <Note kind={of.state === "undone" || (whole && of.dry_run) ? "plain" : !whole ? "bad" : of.failed > 0 ? "warn" : "good"}>
        <b>{words}</b>
        {of.error && <p>{of.error}</p>}
      </Note>
      <ImportCounts of={of} dry={of.dry_run} />
      {!of.dry_run && <UndoCard of={of} />}
      {of.steps.length > 1 && <StepTable of={of} />}
      {!of.dry_run && <ResultFiles of={of} />}
      {!of.dry_run && of.state !== "undone" && <CorrectRows of={of} draft={draftOf(of)} />}
      <AlikeRows of={of} />
      <ProblemTable of={of} />
      {!of.dry_run && <Outcomes of={of} />}
    </>
  );
}

function Acts({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  const navigate = useNavigate();
  const act = useImportAct(of.id);
  const { setDraft } = useDraft();
  const takeUp = () => {
    setDraft(draftOf(of));
    void navigate({ to: "/imports/new", search: { at: "mapping" } });
  };
  return (
    <Group gap="sm">
      {act.isError && (
        <Text size="sm" c="var(--danger)" role="alert">
          {messageOf(act.error)}
        </Text>
      )}
      {of.can.cancel && (
        <ConfirmButton variant="default" color="red" title={t("cancelTitle")} text={t(of.dry_run ? "cancelCheckText" : "cancelText")} confirm={t("cancelIt")} danger onConfirm={() => act.mutateAsync("cancel")}>
          {t("cancelIt")}
        </ConfirmButton>
      )}
      {of.can.resume && (
        <Button loading={act.isPending} onClick={() => act.mutate("resume")}>
          {t("resume")}
        </Button>
      )}
      {!isUnderWay(of) && (
        <Button variant="default" onClick={takeUp}>
          {t(of.dry_run ? "takeUp" : "sameAgain")}
        </Button>
      )}
    </Group>
  );
}
