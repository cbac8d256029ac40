import { Badge, Popover } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import type { Process } from "~/api/processes";
import { useObject } from "~/api/queries";
import { useLabel } from "~/i18n";
import type { Asked } from "./Editor";
import classes from "./pipelines.module.css";
import type { Problem } from "./problems";
import type { useDrawing } from "./useDrawing";

type Props = { published: Process | null; drawing: ReturnType<typeof useDrawing>; problems: Problem[]; onOpen: (asked: Asked) => void };

/** Whether the draft is kept, what is in force, and what is to be mended before it can be published. */
export function EditorState({ published, drawing, problems, onOpen }: Props) {
  const { t } = useTranslation("pipelines");
  const { state } = drawing;
  const word = () => {
    switch (state.status) {
      case "saved":
        return state.answer ? t("states.saved") : "";
      case "refused":
        return t("states.refused", { reason: messageOf(state.error) });
      default:
        return t(`states.${state.status}`);
    }
  };
  return (
    <span className={classes.state}>
      <Badge color={published?.active ? "brand" : "gray"}>{published ? t(published.active ? "versionInForce" : "versionInactive", { version: published.version }) : t("notPublished")}</Badge>
      <span role="status" data-kind={state.status === "unreachable" || state.status === "refused" || state.status === "conflict" ? "error" : undefined}>
        {word()}
      </span>
      {problems.length > 0 && <ProblemList problems={problems} process={drawing.process} onOpen={onOpen} />}
    </span>
  );
}

function ProblemList({ problems, process, onOpen }: { problems: Problem[]; process: Process; onOpen: (asked: Asked) => void }) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  const nameOf = ({ place }: Problem) => {
    const stage = label(options.find((it) => it.key === place.stage)?.label);
    const task = process.stages.flatMap((it) => it.tasks ?? []).find((it) => it.key === place.task);
    return [stage, task && (task.name || t("unnamedTask"))].filter(Boolean).join(" › ");
  };
  return (
    <Popover position="bottom-end" width={380} withArrow trapFocus>
      <Popover.Target>
        <button type="button" className={classes.toMend}>
          {t("toMend", { count: problems.length })}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <ul className={classes.problems} aria-label={t("toMendTitle")}>
          {problems.map((problem, index) => {
            const { place, violation } = problem;
            return (
              <li key={`${violation.code} ${index}`}>
                <button type="button" className={classes.plain} onClick={() => onOpen(place.stage && (place.task || place.setting.length > 0) ? { stage: place.stage, ...(place.task ? { task: place.task } : {}) } : place.stage || place.setting[0] === "stages" ? {} : { tab: "general" })}>
                  {nameOf(problem) && <b>{nameOf(problem)}: </b>}
                  {violation.message || violation.code}
                </button>
              </li>
            );
          })}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
