import { Tabs } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Process, ProcessDraft } from "~/api/processes";
import { useObject } from "~/api/queries";
import { EmptyState } from "~/ui/EmptyState";
import { Page } from "~/ui/Page";
import { IconGitCompare } from "@tabler/icons-react";
import { Findings } from "../Findings";
import { listsOf, withStage, withStages } from "./arranging";
import { Differences } from "./Differences";
import { DraftConflict } from "./DraftConflict";
import { EditorActions } from "./EditorActions";
import { General } from "./General";
import { Overtaken } from "./Overtaken";
import classes from "./pipelines.module.css";
import { at, elsewhere, ofProcess, ofStage, placed } from "./problems";
import { StageDrawer } from "./StageDrawer";
import { StageLists } from "./StageLists";
import { useDrawing } from "./useDrawing";
import { Versions } from "./Versions";

const TABS = ["stages", "general", "changes", "versions"] as const;
const IN_GENERAL = ["name", "description", "back_moves", "who", "entry_condition"];

type Props = {
  id: string;
  published: Process | null;
  stored: ProcessDraft | null;
  editable: boolean;
  untitled: string;
  /** Reads all anew, after the draft was published, thrown away or made of an earlier version. */
  onAnew: () => Promise<void>;
};
export type Asked = { tab?: string; stage?: string; task?: string };

/** A process as it is drawn: its stages, whose it is, what differs from the published version, and the versions before. */
export function Editor({ id, published, stored, editable, untitled, onAnew }: Props) {
  const { t } = useTranslation("pipelines");
  const asked = useSearch({ strict: false }) as Asked;
  const navigate = useNavigate();
  const go = (next: Asked, replace = false) => void navigate({ to: "/admin/pipelines/$id", params: { id }, search: next, replace });
  const drawing = useDrawing(id, published, stored);
  const { process, state, draw } = drawing;
  const tab = TABS.find((it) => it === asked.tab) ?? "stages";

  const opportunity = useObject("opportunity");
  const options = opportunity?.fields.find((field) => field.key === "stage")?.options ?? [];
  const offered = options.filter((option) => option.active || process.stages.some((stage) => stage.stage === option.key));
  const answer = state.answer;
  const problems = answer ? placed(answer.problems, answer.process) : [];
  const warnings = answer ? placed(answer.warnings, answer.process) : [];
  const general = ofProcess(problems);
  const inGeneral = general.filter(({ place }) => IN_GENERAL.includes(place.setting[0] ?? ""));
  const differences = answer?.differences ?? [];
  const opened = process.stages.find((stage) => stage.stage === asked.stage);
  const openStage = (stage: string, task?: string) => go({ tab: asked.tab, stage, ...(task ? { task } : {}) });

  useHotkeys(
    editable
      ? [
          ["mod+Z", () => drawing.undo?.()],
          ["mod+shift+Z", () => drawing.redo?.()],
        ]
      : [],
  );

  const mark = (count: number, kind?: "error") =>
    count > 0 && (
      <span className={classes.tabMark} data-kind={kind}>
        {count}
      </span>
    );
  const show = {
    stages: mark(problems.length - inGeneral.length, "error"),
    general: mark(inGeneral.length, "error"),
    changes: mark(differences.length),
    versions: null,
  };

  return (
    <Page
      title={process.name || untitled}
      above={<Link to="/admin/pipelines">{t("pipelines")}</Link>}
      actions={<EditorActions id={id} published={published} drawing={drawing} problems={problems} editable={editable} onOpen={go} onAnew={onAnew} />}
      below={
        <Tabs value={tab} onChange={(next) => go(next && next !== "stages" ? { tab: next } : {})} keepMounted={false}>
          <Tabs.List className={classes.tabs} aria-label={process.name || untitled}>
            {TABS.filter((it) => editable || it === "stages" || it === "general").map((it) => (
              <Tabs.Tab key={it} value={it} rightSection={show[it]}>
                {t(`tabs.${it}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      }
    >
      <DraftConflict drawing={drawing} published={published} onAnew={onAnew} />
      {answer && published && answer.based_on !== published.version && state.status !== "conflict" && (
        <Overtaken published={published} basedOn={answer.based_on} onVersions={() => go({ tab: "versions" })} onCarryOn={(version) => draw((now) => ({ ...now, process: { ...now.process, version } }))} />
      )}
      <Findings findings={elsewhere(general, "stages", ...IN_GENERAL)} />
      {tab === "stages" && (
        <>
          <p className={classes.fine}>{t(editable ? "arrangeHint" : "onlyAdministrators")}</p>
          <StageLists
            lists={listsOf(process, offered.map((option) => option.key))}
            stages={process.stages}
            options={options}
            problems={problems}
            warnings={warnings}
            listErrors={at(general, "stages")}
            listWarnings={ofProcess(warnings).map((it) => it.violation)}
            editable={editable}
            onArrange={(used) => draw((now) => withStages(now, used))}
            onSettings={(stage) => openStage(stage)}
            onTask={openStage}
          />
        </>
      )}
      {tab === "general" && <General process={process} problems={general} editable={editable} onChange={(change) => draw((now) => ({ ...now, process: { ...now.process, ...change } }), Object.keys(change).join(" "))} />}
      {tab === "changes" &&
        (differences.length > 0 ? (
          <div className={classes.card}>
            <Differences differences={differences} processes={[process, published]} onOpen={({ stage }) => stage && go({ stage })} />
          </div>
        ) : (
          <EmptyState icon={<IconGitCompare size={32} stroke={1.4} />} title={t(published ? "changesNone" : "neverPublished")}>
            {t(published ? "changesNoneHint" : "neverPublishedHint")}
          </EmptyState>
        ))}
      {tab === "versions" && <Versions id={id} published={published} drawing={drawing} onAnew={async () => (go({}, true), await onAnew())} />}
      <StageDrawer
        stage={opened}
        task={asked.task}
        used={process.stages.flatMap((stage) => options.find((option) => option.key === stage.stage) ?? [])}
        problems={opened ? ofStage(problems, opened.stage) : []}
        editable={editable}
        onChange={(change, what) => opened && draw((now) => withStage(now, opened.stage, change), what)}
        onTask={(task) => opened && openStage(opened.stage, task)}
        onClose={() => go(asked.tab ? { tab: asked.tab } : {})}
      />
    </Page>
  );
}
