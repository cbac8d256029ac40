import { CollisionPriority } from "@dnd-kit/abstract";
import { move } from "@dnd-kit/helpers";
import { DragDropProvider, useDroppable } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Text, Tooltip } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconGripVertical, IconPlus, IconX } from "@tabler/icons-react";
import { useCallback, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Option, ProcessStage, Violation } from "~/api/types";
import { labelIn, useLabel, useLanguage } from "~/i18n";
import { Findings } from "./Findings";
import { StageDot } from "./StageDot";
import classes from "./editor.module.css";
import type { Lists } from "./processDraft";
import { useSortWords } from "./sortWords";
import { useDuration } from "./useDuration";

interface Props {
  lists: Lists;
  stages: ProcessStage[];
  options: Option[];
  /** Findings and warnings by stage key. */
  errors: Record<string, Violation[]>;
  warnings: Record<string, Violation[]>;
  listErrors: Violation[];
  editable: boolean;
  onArrange: (lists: Lists) => void;
  onSettings: (stage: string) => void;
}

function Row({ stage, index, group, option, editable, wrong, children }: {
  stage: string;
  index: number;
  group: string;
  option: Option | undefined;
  editable: boolean;
  wrong: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation("processes");
  const label = useLabel();
  const name = label(option?.label) || stage;
  const { ref, handleRef, isDragSource } = useSortable({ id: stage, index, group, type: "stage", accept: "stage", disabled: !editable });
  return (
    <li ref={ref} className={classes.stageRow} data-dragging={isDragSource || undefined} data-wrong={wrong || undefined} data-stage={stage}>
      <ActionIcon ref={handleRef} className={classes.handle} disabled={!editable} aria-label={t("dragHandle", { stage: name })}>
        <IconGripVertical size={16} />
      </ActionIcon>
      <StageDot type={option?.stage_type ?? "in_progress"} />
      <span className={classes.stageRowName}>{name}</span>
      {children}
    </li>
  );
}

function Zone({ id, title, empty, wrong, children }: { id: string; title: string; empty: ReactNode; wrong?: boolean; children: ReactNode[] }) {
  const { ref, isDropTarget } = useDroppable({ id, type: "zone", accept: "stage", collisionPriority: CollisionPriority.Low });
  return (
    <div>
      <h3 className={classes.zoneTitle}>{title}</h3>
      <div ref={ref} className={classes.zone} data-over={isDropTarget || undefined} data-wrong={wrong || undefined}>
        <ol className={classes.stageList}>{children}</ol>
        {children.length === 0 && (
          <Text size="sm" c="dimmed" p="xs">
            {empty}
          </Text>
        )}
      </div>
    </div>
  );
}

/** The stages of a process in their order beside those not used yet; dragged from one to the other, by pointer or keyboard. */
export function StageLists({ lists: settled, stages, options, errors, warnings, listErrors, editable, onArrange, onSettings }: Props) {
  const { t } = useTranslation("processes");
  const language = useLanguage();
  const tell = useDuration();
  // While a stage is in the hand the lists are only this screen's business; the process changes when it is put down.
  const [moving, setMoving] = useState<Lists>();
  const lists = moving ?? settled;
  const optionOf = (key: string) => options.find((option) => option.key === key);
  const nameOf = useCallback(
    (key: string) => {
      const option = options.find((it) => it.key === key);
      if (key === "used") return t("stages");
      if (key === "unused") return t("unused");
      return option ? labelIn(option.label, language) : key;
    },
    [options, language, t],
  );
  const plugins = useSortWords(nameOf);
  const put = (key: string, into: keyof Lists) => {
    const used = lists.used.filter((it) => it !== key);
    const unused = lists.unused.filter((it) => it !== key);
    onArrange(into === "used" ? { used: placeByType(used, key, options), unused } : { used, unused: [...unused, key] });
  };

  return (
    <DragDropProvider
      plugins={plugins}
      onDragOver={(event) => {
        if (event.operation.source?.type === "stage") setMoving((now) => move(now ?? settled, event));
      }}
      onDragEnd={(event) => {
        if (moving && !event.canceled) onArrange(moving);
        setMoving(undefined);
      }}
    >
      <Findings findings={listErrors} />
      <div className={classes.arrange}>
        <Zone id="used" title={t("stages")} empty={t("stagesEmpty")} wrong={listErrors.length > 0}>
          {lists.used.map((key, index) => {
            const stage = stages.find((it) => it.stage === key);
            const name = nameOf(key);
            return (
              <Row key={key} stage={key} index={index} group="used" option={optionOf(key)} editable={editable} wrong={(errors[key] ?? []).length > 0}>
                <span className={classes.stageFacts}>
                  {stage?.win_rate && <span>{Number(stage.win_rate)}%</span>}
                  {stage?.duration_seconds ? <span>≤ {tell(stage.duration_seconds)}</span> : null}
                </span>
                <Tooltip label={t("settingsOf", { stage: name })}>
                  <ActionIcon aria-label={t("settingsOf", { stage: name })} onClick={() => onSettings(key)}>
                    <IconAdjustmentsHorizontal size={16} />
                  </ActionIcon>
                </Tooltip>
                {editable && (
                  <ActionIcon aria-label={t("removeStage", { stage: name })} onClick={() => put(key, "unused")}>
                    <IconX size={15} />
                  </ActionIcon>
                )}
                <Findings findings={errors[key] ?? []} />
                <Findings findings={warnings[key] ?? []} kind="warning" />
              </Row>
            );
          })}
        </Zone>
        <Zone id="unused" title={t("unused")} empty={t("unusedEmpty")}>
          {lists.unused.map((key, index) => (
            <Row key={key} stage={key} index={index} group="unused" option={optionOf(key)} editable={editable} wrong={false}>
              {editable && (
                <ActionIcon aria-label={t("addStage", { stage: nameOf(key) })} onClick={() => put(key, "used")}>
                  <IconPlus size={15} />
                </ActionIcon>
              )}
            </Row>
          ))}
        </Zone>
      </div>
    </DragDropProvider>
  );
}

// A stage added by its button goes behind the last of its own kind: in progress before the ends, so nothing has to be dragged afterwards.
function placeByType(used: string[], key: string, options: Option[]): string[] {
  const running = (it: string) => (options.find((option) => option.key === it)?.stage_type ?? "in_progress") === "in_progress";
  if (!running(key)) return [...used, key];
  const firstEnd = used.findIndex((it) => !running(it));
  return firstEnd === -1 ? [...used, key] : [...used.slice(0, firstEnd), key, ...used.slice(firstEnd)];
}
