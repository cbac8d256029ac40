import { Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Import } from "~/api/imports";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { useDuration } from "~/processes/useDuration";
import classes from "./imports.module.css";
import { useRate } from "./useRate";

/** How far it is, how fast it goes, and when it will be there. */
export function ImportProgress({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const duration = useDuration();
  const undoing = of.state === "undoing";
  const back = of.undo ? of.undo.deleted + of.undo.put_back + of.undo.stayed : 0;
  const [done, rows] = undoing ? [back, of.created + of.updated] : [of.done, of.rows];
  const rate = useRate(of.id, done);
  const count = (value: number) => formatDecimal(value, language);
  const share = rows > 0 ? Math.min(1, done / rows) : 0;
  const words = t(of.state === "waiting" ? "waiting" : undoing ? "undoing" : of.dry_run ? "checking" : "running");
  const current = of.steps.length > 1 && of.state === "running" ? of.steps[of.step] : undefined;
  return (
    <div role="status" className={classes.progress}>
      <div className={classes.progressHead}>
        <b>{words}</b>
        {current && <span>{t("stepOf", { step: of.step + 1, steps: of.steps.length, name: current.file_name })}</span>}
      </div>
      <Progress value={share > 0 ? 100 * share : 100} animated aria-label={words} size="lg" />
      {rows > 0 && (
        <Text size="sm" c="dimmed" className="figures">
          {[
            t("doneOf", { done: count(done), rows: count(rows) }),
            rate ? t("perSecond", { rate: count(Math.round(rate)) }) : "",
            rate && done < rows ? t("timeLeft", { time: duration(Math.max(1, Math.round((rows - done) / rate))) }) : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      )}
    </div>
  );
}
