import { IconArrowRight, IconArrowsSort, IconMinus, IconPencil, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Difference, Process, StageTask } from "~/api/processes";
import classes from "./pipelines.module.css";
import { sayValue, type Words } from "./sayings";
import { useSayings } from "./useSayings";

const ICONS = { added: IconPlus, removed: IconMinus, changed: IconPencil, moved: IconArrowsSort };

type Props = {
  differences: Difference[];
  /** Where stages and tasks get their names from. */
  processes?: (Process | null | undefined)[];
  onOpen?: (place: { stage?: string; task?: string }) => void;
};

/** What differs between two versions, in words: first of the process, then stage by stage. */
export function Differences({ differences, processes = [], onOpen }: Props) {
  const { t } = useTranslation("pipelines");
  const words = useSayings(differences, ...processes);
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) groups.set(difference.stage ?? "", [...(groups.get(difference.stage ?? "") ?? []), difference]);
  return (
    <div className={classes.differences}>
      {[...groups].map(([stage, list]) => (
        <section key={stage} aria-label={stage ? words.stage(stage) : t("theProcess")}>
          <h3 className={classes.partTitle}>
            {stage ? (
              onOpen && !list.some((it) => it.kind === "removed" && !it.task && it.setting === "") ? (
                <button type="button" className={classes.plain} onClick={() => onOpen({ stage })}>
                  {words.stage(stage)}
                </button>
              ) : (
                words.stage(stage)
              )
            ) : (
              t("theProcess")
            )}
          </h3>
          <ul>
            {list.map((difference, index) => (
              <One key={`${difference.path} ${index}`} difference={difference} words={words} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function One({ difference, words }: { difference: Difference; words: Words }) {
  const { t } = useTranslation("pipelines");
  const { kind, task, setting, old, new: next } = difference;
  const Icon = ICONS[kind];
  const what = task ? t("ofTask", { task: words.task(task) }) : "";
  return (
    <li data-kind={kind}>
      <Icon size={14} stroke={1.9} aria-hidden />
      {setting === "" ? (
        <span>
          {task ? t(`whole.task.${kind}`, { task: words.task(task), place: next }) : t(`whole.stage.${kind}`, { place: next })}
          {task && kind === "added" && <small>{sayValue("act", (next as StageTask).act, words)}</small>}
        </span>
      ) : (
        <span>
          <b>
            {what}
            {t(`settings.${setting}` as "settings.name")}
          </b>{" "}
          <del>{sayValue(setting, old, words)}</del> <IconArrowRight size={13} aria-label={t("becomes")} /> <ins>{sayValue(setting, next, words)}</ins>
        </span>
      )}
    </li>
  );
}
