import { Badge, Button } from "@mantine/core";
import { IconAlarm, IconArrowLeft, IconExternalLink } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Path, PathStage, Rec } from "~/api/types";
import { useLabel } from "~/i18n";
import { Instant } from "~/ui/Instant";
import { secondsSince } from "../duration";
import { RequirementList } from "../fixes/RequirementList";
import classes from "../path.module.css";
import { StageDot } from "../StageDot";
import { useDuration, useNow } from "../useDuration";
import { secondsIn } from "./stageTime";

type Props = {
  record: Rec;
  path: Path;
  /** The stage that is looked at. */
  stage: PathStage;
  /** The stage whose requirements are told: that one, or of the current one the next. */
  target?: PathStage;
  closed: boolean;
  onLook: (stage: string) => void;
  onTask: (task: string) => void;
};

/** What there is to know of a stage: times, guidance, and what stands between here and it, each with the way to put it right. */
export function StageView({ record, path, stage, target, closed, onLook, onTask }: Props) {
  const { t } = useTranslation("path");
  const { t: words } = useTranslation("processes");
  const label = useLabel();
  const tell = useDuration();
  const now = useNow();
  const here = stage.key === path.current;
  const seconds = secondsIn(stage, now);
  const due = !closed && here ? stage.due_at : undefined;
  const state = here ? "current" : stage.state === "current" ? "upcoming" : stage.state;
  return (
    <div className={classes.view}>
      <div className={classes.viewHead}>
        {!here && (
          <>
            <StageDot type={stage.type} />
            <strong>{label(stage.label)}</strong>
            <Badge color="gray">{t(`look.${state}`)}</Badge>
          </>
        )}
        {closed && here && (
          <>
            <StageDot type={stage.type} />
            <strong>{label(stage.label)}</strong>
            {stage.entered_at && (
              <span className={classes.faint}>
                {t("look.closed")} <Instant value={stage.entered_at} />
              </span>
            )}
          </>
        )}
        {due && (
          <span className={classes.due} data-overdue={stage.overdue || undefined}>
            <IconAlarm size={15} aria-hidden="true" />
            {stage.overdue ? words("overdueBy", { time: tell(secondsSince(due, now)) }) : words("dueIn", { time: tell(Math.floor((Date.parse(due) - now) / 1000)) })}
            <span className={classes.faint}>
              <Instant value={due} />
            </span>
          </span>
        )}
        {!here && seconds !== undefined && (
          <span className={classes.faint}>
            {t("look.spent")}: <span className="figures">{tell(seconds)}</span>
          </span>
        )}
        {!here && stage.entered_at && <span className={classes.faint}>{<Instant value={stage.entered_at} />}</span>}
        {stage.win_rate && (
          <span className={classes.faint}>
            {t("look.winRate")}: <span className="figures">{Number(stage.win_rate)}%</span>
          </span>
        )}
        {here && path.process.pinned && <span className={classes.faint}>{t("pinned", { version: path.process.version })}</span>}
        {!here && (
          <Button size="compact-sm" variant="subtle" leftSection={<IconArrowLeft size={14} />} onClick={() => onLook(path.current)}>
            {t("look.back")}
          </Button>
        )}
      </div>
      {stage.guidance && <p className={classes.guidance}>{stage.guidance}</p>}
      {stage.links && stage.links.length > 0 && (
        <ul className={classes.links} aria-label={t("look.links")}>
          {stage.links.map((link) => (
            <li key={link.url}>
              <a href={link.url} target="_blank" rel="noreferrer noopener">
                {link.label}
                <IconExternalLink size={13} aria-hidden="true" />
              </a>
            </li>
          ))}
        </ul>
      )}
      {target && target.requirements.length > 0 && (
        <section className={classes.between} aria-label={words("standsBetween", { stage: label(target.label) })}>
          <h2 className={classes.betweenTitle}>{words("standsBetween", { stage: label(target.label) })}</h2>
          <RequirementList requirements={target.requirements} record={record} path={path} onLook={onLook} onTask={onTask} />
        </section>
      )}
      {!here && target && target.requirements.length === 0 && <p className={classes.free}>{t("look.free")}</p>}
    </div>
  );
}
