import { CollisionPriority } from "@dnd-kit/abstract";
import { move } from "@dnd-kit/helpers";
import { DragDropProvider, useDroppable } from "@dnd-kit/react";
import { useCallback, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessStage } from "~/api/processes";
import type { Option, Violation } from "~/api/types";
import { labelIn, useLabel, useLanguage } from "~/i18n";
import { Findings } from "../Findings";
import { useSortWords } from "../sortWords";
import { placeByType, type Lists } from "./arranging";
import { NewOption } from "./NewOption";
import classes from "./pipelines.module.css";
import { ofStage, type Problem } from "./problems";
import { AddStage, StageActs, StageFacts, StageRow } from "./StageRow";

interface Props {
  lists: Lists;
  stages: ProcessStage[];
  options: Option[];
  problems: Problem[];
  warnings: Problem[];
  /** Those of the list as a whole. */
  listErrors: Violation[];
  listWarnings: Violation[];
  editable: boolean;
  onArrange: (used: string[]) => void;
  onSettings: (stage: string) => void;
  onTask: (stage: string, task: string) => void;
}

function Zone({ id, title, empty, wrong, children, foot }: { id: string; title: string; empty: ReactNode; wrong?: boolean; children: ReactNode[]; foot?: ReactNode }) {
  const { ref, isDropTarget } = useDroppable({ id, type: "zone", accept: "stage", collisionPriority: CollisionPriority.Low });
  return (
    <section aria-label={title}>
      <h2 className={classes.zoneTitle}>{title}</h2>
      <div ref={ref} className={classes.zone} data-over={isDropTarget || undefined} data-wrong={wrong || undefined}>
        <ol className={classes.stages}>{children}</ol>
        {children.length === 0 && <p className={classes.emptyZone}>{empty}</p>}
      </div>
      {foot}
    </section>
  );
}

/** The stages of a process in their order beside those not used yet; dragged from one to the other, by pointer or keyboard. */
export function StageLists({ lists: settled, stages, options, problems, warnings, listErrors, listWarnings, editable, onArrange, onSettings, onTask }: Props) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const language = useLanguage();
  // While something is dragged, its way is followed here and told when it is put down.
  const [moving, setMoving] = useState<Lists>();
  const lists = moving ?? settled;
  const optionOf = (key: string) => options.find((it) => it.key === key);
  const nameOf = useCallback(
    (key: string) => (key === "used" || key === "unused" ? t(key === "used" ? "stages" : "unused") : labelIn(options.find((it) => it.key === key)?.label, language) || key),
    [options, language, t],
  );
  const plugins = useSortWords(nameOf);
  const used = settled.used;
  const shift = (key: string, by: 1 | -1) => {
    const from = used.indexOf(key);
    const next = used.filter((it) => it !== key);
    next.splice(from + by, 0, key);
    onArrange(next);
  };

  return (
    <DragDropProvider
      plugins={plugins}
      onDragOver={(event) => {
        if (event.operation.source?.type === "stage") setMoving((now) => move(now ?? settled, event));
      }}
      onDragEnd={(event) => {
        if (moving && !event.canceled) onArrange(moving.used);
        setMoving(undefined);
      }}
    >
      <div className={classes.arrange}>
        <div>
          <Zone id="used" title={t("stages")} empty={t("stagesEmpty")} wrong={listErrors.length > 0}>
            {lists.used.map((key, index) => {
              const stage = stages.find((it) => it.stage === key);
              const name = label(optionOf(key)?.label) || key;
              const wrong = ofStage(problems, key);
              return (
                <StageRow key={key} stage={key} index={index} group="used" option={optionOf(key)} editable={editable} wrong={wrong.length > 0}>
                  <button type="button" className={classes.stageName} onClick={() => onSettings(key)}>
                    {name}
                  </button>
                  {stage && <StageFacts stage={stage} />}
                  <StageActs name={name} first={index === 0} last={index === lists.used.length - 1} editable={editable} onSettings={() => onSettings(key)} onMove={(by) => shift(key, by)} onRemove={() => onArrange(used.filter((it) => it !== key))} />
                  <StageProblems stage={stage} problems={wrong} onSettings={() => onSettings(key)} onTask={(task) => onTask(key, task)} />
                  <Findings findings={ofStage(warnings, key).map((it) => it.violation)} kind="warning" />
                </StageRow>
              );
            })}
          </Zone>
          <Findings findings={listErrors} />
          <Findings findings={listWarnings} kind="warning" />
        </div>
        {editable && (
          <Zone id="unused" title={t("unused")} empty={t("unusedEmpty")} foot={<NewOption options={options} />}>
            {lists.unused.map((key, index) => (
              <StageRow key={key} stage={key} index={index} group="unused" option={optionOf(key)} editable={editable}>
                <span className={classes.stageName}>{nameOf(key)}</span>
                <AddStage name={nameOf(key)} onAdd={() => onArrange(placeByType(used, key, options))} />
              </StageRow>
            ))}
          </Zone>
        )}
      </div>
    </DragDropProvider>
  );
}

/** What is wrong in a stage: each line leads to the place where it can be mended. */
function StageProblems({ stage, problems, onSettings, onTask }: { stage: ProcessStage | undefined; problems: Problem[]; onSettings: () => void; onTask: (task: string) => void }) {
  const { t } = useTranslation("pipelines");
  return problems.map(({ place, violation }, index) => {
    const task = stage?.tasks?.find((it) => it.key === place.task);
    const text = (
      <>
        {task && <b>{t("ofTask", { task: task.name || t("unnamedTask") })}</b>} {place.setting[0] && !task && <b>{t(`settings.${place.setting[0]}` as "settings.name")}: </b>}
        {violation.message || violation.code} <code>{violation.code}</code>
      </>
    );
    return (
      <p key={`${violation.code} ${index}`} className={classes.stageProblem} role="alert">
        {place.setting.length === 0 && !task ? (
          text
        ) : (
          <button type="button" className={classes.plain} onClick={() => (task ? onTask(task.key) : onSettings())}>
            {text}
          </button>
        )}
      </p>
    );
  });
}
