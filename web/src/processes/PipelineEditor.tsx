import { Alert, Button, Group, Switch, TextInput, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, get } from "~/api/http";
import { messageOf } from "~/api/problem";
import { keys, useMe, useObject } from "~/api/queries";
import type { Process, Violation } from "~/api/types";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { PageSkeleton } from "~/ui/Skeletons";
import { ConditionEditor } from "~/conditions/ConditionEditor";
import { Findings } from "./Findings";
import { StageDrawer } from "./StageDrawer";
import { StageLists } from "./StageLists";
import { WhoMayUse } from "./WhoMayUse";
import classes from "./editor.module.css";
import { placeFindings } from "./findings";
import { emptyProcess, listsOf, withStage, withStages, type Draft } from "./processDraft";
import { useProcesses } from "./useBoard";
import { sendProcess, useProcessCheck } from "./useProcessCheck";

const SHOWN_FIELDS = ["name", "description", "active", "back_moves", "who", "entry_condition"] as const;

/** Opens the editor on a stored process, or on a new one under the id `new`. */
export function PipelineEditor() {
  const { t } = useTranslation("processes");
  const { id = "new" } = useParams({ strict: false });
  const processes = useProcesses();
  const stored = useQuery({
    queryKey: keys.process(id),
    queryFn: ({ signal }) => get<Process>(`/processes/${id}`, { signal }),
    enabled: id !== "new",
    // What is being edited must not be replaced under the hand.
    refetchOnWindowFocus: false,
  });
  if (id === "new") {
    if (!processes.data) return <PageSkeleton />;
    return <Editor key="new" stored={emptyProcess(t("untitled"), processes.data.items.length + 1)} />;
  }
  if (stored.isError) return <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />;
  if (!stored.data) return <PageSkeleton />;
  return <Editor key={`${stored.data.id}-${stored.data.version}`} stored={stored.data} />;
}

function Editor({ stored }: { stored: Process }) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const opportunity = useObject("opportunity");
  const options = opportunity?.fields.find((field) => field.key === "stage")?.options ?? [];
  const active = options.filter((option) => option.active || stored.stages.some((stage) => stage.stage === option.key));
  const [draft, setDraft] = useState<Draft>({ process: stored, set_aside: {} });
  const [settings, setSettings] = useState<string>();
  const { process } = draft;
  const changed = process !== stored || stored.id === "";
  const editable = me.admin;
  const check = useProcessCheck(editable && changed ? process : undefined);

  const save = useMutation({
    mutationFn: () => sendProcess(process),
    onSuccess: async ({ process: saved }) => {
      notifications.show({ icon: <IconCheck size={18} />, message: t("saved") });
      client.setQueryData(keys.process(saved.id), saved);
      void client.invalidateQueries({ queryKey: keys.processes, exact: true });
      void client.invalidateQueries({ queryKey: ["board"] });
      if (!process.id) await navigate({ to: "/admin/pipelines/$id", params: { id: saved.id }, replace: true });
    },
  });

  const refused = save.error instanceof ApiProblem && save.error.status === 422 && save.error.violations.length > 0;
  const verdict = check.data;
  const errors = verdict?.errors ?? [];
  const warnings = verdict?.warnings ?? [];
  const placed = placeFindings(errors, SHOWN_FIELDS);
  const hinted = placeFindings(warnings, SHOWN_FIELDS);
  const byStage = (found: Record<number, Violation[]>): Record<string, Violation[]> =>
    Object.fromEntries(Object.entries(found).flatMap(([index, list]) => {
      const key = verdict?.stages[Number(index)];
      return key === undefined ? [] : [[key, list]];
    }));
  const stageErrors = byStage(placed.stages);
  const errorAt = (field: string) => {
    const found = placed.fields[field];
    return found && found.length > 0 ? found.map((it) => it.message).join(" ") : undefined;
  };
  const set = (change: Partial<Process>) => {
    save.reset();
    setDraft((now) => ({ ...now, process: { ...now.process, ...change } }));
  };
  const opened = process.stages.find((stage) => stage.stage === settings);
  const optionOf = (key: string) => options.find((option) => option.key === key);

  return (
    <Page
      title={process.name || t("untitled")}
      above={<Link to="/admin/pipelines">{t("pipelines")}</Link>}
      actions={
        editable && (
          <Group gap="sm">
            <span className={classes.state} data-kind={errors.length > 0 ? "error" : undefined} role="status">
              {!changed
                ? t("version", { version: process.version })
                : check.isFetching
                  ? t("checking")
                  : errors.length > 0
                    ? t("findings", { count: errors.length })
                    : check.isSuccess
                      ? t("fine")
                      : t("unsaved")}
            </span>
            {changed && stored.id && (
              <Button
                variant="default"
                onClick={() => {
                  save.reset();
                  setDraft({ process: stored, set_aside: {} });
                }}
              >
                {t("discardChanges")}
              </Button>
            )}
            <Button loading={save.isPending} disabled={!changed} onClick={() => save.mutate(undefined, { onError: () => void check.refetch() })}>
              {t("save")}
            </Button>
          </Group>
        )
      }
    >
      {save.isError && (
        <Alert color="red" variant="light" role="alert" mb="sm" title={t("errors")}>
          {refused
            ? (save.error as ApiProblem).violations.map((it, index) => (
                <div key={index}>
                  {it.message} <code>{it.code}</code>
                </div>
              ))
            : messageOf(save.error)}
        </Alert>
      )}
      <Findings findings={placed.general} />
      {(hinted.general.length > 0 || hinted.stageList.length > 0) && (
        <div className={classes.warnings} role="status">
          <strong>{t("warnings")}</strong>
          <Findings kind="warning" findings={[...hinted.general, ...hinted.stageList]} />
        </div>
      )}
      <div className={classes.editor}>
        <fieldset disabled={!editable} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <section className={classes.card}>
            <h2 className={classes.cardTitle}>{t("basics")}</h2>
            <TextInput label={t("name")} withAsterisk value={process.name} error={errorAt("name")} onChange={(event) => set({ name: event.currentTarget.value })} />
            <Textarea
              label={t("description")}
              autosize
              minRows={2}
              value={process.description ?? ""}
              error={errorAt("description")}
              onChange={(event) => set({ description: event.currentTarget.value })}
            />
            <div className={classes.pair}>
              <TextInput label={t("object")} value={label(opportunity?.label)} readOnly variant="filled" title={t("fixed")} />
              <TextInput
                label={t("objectField")}
                value={label(opportunity?.fields.find((field) => field.key === "stage")?.label)}
                readOnly
                variant="filled"
                title={t("fixed")}
              />
            </div>
            <Switch label={t("active")} checked={process.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
            <Switch
              label={t("backMoves")}
              description={t("backMovesHint")}
              checked={process.back_moves}
              onChange={(event) => set({ back_moves: event.currentTarget.checked })}
            />
          </section>
          <section className={classes.card}>
            <h2 className={classes.cardTitle}>{t("who")}</h2>
            <p className={classes.hint}>{t("whoHint")}</p>
            <Findings findings={placed.fields["who"] ?? []} />
            <WhoMayUse who={process.who} onChange={(who) => set({ who })} />
            <ConditionEditor
              label={t("entryCondition")}
              hint={t("entryConditionHint")}
              value={process.entry_condition}
              findings={placed.fields["entry_condition"]}
              onChange={(condition) => set({ entry_condition: condition })}
            />
          </section>
        </fieldset>
        <section className={classes.card}>
          <h2 className={classes.cardTitle}>{t("arrange")}</h2>
          <p className={classes.hint}>
            {t("arrangeHint")} <Link to="/admin/stages">{t("unusedHint")}</Link>
          </p>
          <StageLists
            lists={listsOf(process, active.map((option) => option.key))}
            stages={process.stages}
            options={options}
            errors={stageErrors}
            warnings={byStage(hinted.stages)}
            listErrors={placed.stageList}
            editable={editable}
            onArrange={(lists) => {
              save.reset();
              setDraft((now) => withStages(now, lists.used));
            }}
            onSettings={setSettings}
          />
        </section>
      </div>
      <StageDrawer
        stage={opened}
        used={process.stages.flatMap((stage) => optionOf(stage.stage) ?? [])}
        findings={settings ? (stageErrors[settings] ?? []) : []}
        editable={editable}
        onChange={(change) => {
          save.reset();
          if (settings) setDraft((now) => withStage(now, settings, change));
        }}
        onClose={() => setSettings(undefined)}
      />
    </Page>
  );
}
