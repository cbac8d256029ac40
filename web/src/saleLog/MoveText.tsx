import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { TimelineMove } from "~/api/timeline";
import { StageDot } from "~/processes/StageDot";
import { useDuration } from "~/processes/useDuration";
import classes from "./saleLog.module.css";
import { useStageWords } from "./useStageWords";

/** From where to where a deal went, after how long, over which stages and past what. */
export function MoveText({ move }: { move: TimelineMove }) {
  const { t } = useTranslation("saleLog");
  const tell = useDuration();
  const words = useStageWords();
  const { from, to, from_process: was, process: is } = move;
  return (
    <div className={classes.move}>
      <span className={classes.stages}>
        {from && (
          <>
            <span className={classes.stageName}>
              <StageDot type={words.typeOf(from)} /> {words.stage(from)}
            </span>
            <IconArrowRight size={13} aria-label={t("became")} />
          </>
        )}
        <span className={classes.stageName} data-to>
          <StageDot type={words.typeOf(to)} /> {words.stage(to)}
        </span>
        {typeof move.seconds === "number" && move.seconds > 0 && <span className={classes.soft}>{t("after", { time: tell(move.seconds) })}</span>}
      </span>
      {was && is && was.id !== is.id && <span className={classes.soft}>{t("processes", { from: was.name, to: is.name })}</span>}
      {move.skipped.length > 0 && <span className={classes.soft}>{t("skipped", { stages: move.skipped.map(words.stage).join(", ") })}</span>}
      {move.bypassed.length > 0 && <span className={classes.passed}>{t("passedBy", { what: words.gates(move.bypassed) })}</span>}
    </div>
  );
}
