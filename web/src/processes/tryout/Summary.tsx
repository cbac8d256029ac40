import { Alert } from "@mantine/core";
import { IconClockPause } from "@tabler/icons-react";
import { Trans, useTranslation } from "react-i18next";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { useCounted } from "./gateNames";
import { leftOut, percent, type Report } from "./tryout";
import classes from "./tryout.module.css";

/** What came of it, in words. */
export function Summary({ report }: { report: Report }) {
  const { t } = useTranslation("tryout");
  const language = useLanguage();
  const { moves, deals, reached } = report;
  const number = (count: number) => formatDecimal(count, language, 0);
  const months = t("lastMonths", { count: report.months });
  const counted = useCounted();
  const out = leftOut(report).map(({ key, count }) => t(`leftOut.${key}`, { count }));
  return (
    <section className={classes.panel}>
      {!report.complete && (
        <Alert color="yellow" icon={<IconClockPause size={18} />} title={t("incomplete")} mb="sm">
          {t("incompleteText", { moves: number(reached.moves), ofMoves: number(reached.of_moves), deals: number(reached.deals), ofDeals: number(reached.of_deals) })}
        </Alert>
      )}
      <p className={classes.summary}>
        <Trans
          t={t}
          i18nKey={moves.judged === 0 ? "noMoves" : moves.held_back === 0 ? "allPass" : "summary"}
          values={{
            months,
            moves: counted("moves", moves.judged),
            held: counted("moves", moves.held_back),
            percent: percent(moves.held_back, moves.judged),
            deals: counted("deals", deals.judged),
            heldDeals: number(deals.held_back),
          }}
          components={{ b: <strong className="figures" /> }}
        />
      </p>
      {moves.judged === 0 && <p className={classes.fine}>{t("noMovesHint")}</p>}
      {moves.only_asked > 0 && <p className={classes.fine}>{t("onlyAsked", { count: moves.only_asked })}</p>}
      {moves.only_new_tasks > 0 && <p className={classes.fine}>{t("onlyNewTasks", { count: moves.only_new_tasks })}</p>}
      {out.length > 0 && <p className={classes.fine}>{t("notJudged", { what: out.join(language === "zh-CN" ? "、" : ", ") })}</p>}
      {moves.judged > 0 && <p className={classes.fine}>{t("today")}</p>}
    </section>
  );
}
