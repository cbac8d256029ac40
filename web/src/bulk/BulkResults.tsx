import { Alert, ScrollArea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Bulk, BulkResult } from "~/api/bulk";
import { hitsOf } from "~/api/duplicates";
import type { ObjectDef } from "~/api/types";
import { AlikeList } from "~/duplicates/AlikeList";
import { FreesOfMany, RulesMet } from "~/holding/ManyRefused";
import { isNoRoom, noRoomOf } from "~/holding/refusal";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import classes from "./bulk.module.css";

/** How many were changed, were so already and were refused, and each of them by name with the reasons. */
export function BulkResults({ bulk, object, trial }: { bulk: Bulk; object: ObjectDef; trial?: boolean }) {
  const { t } = useTranslation("bulk");
  const language = useLanguage();
  const number = (value: number) => formatDecimal(value, language);
  const rank = { refused: 0, saved: 1, unchanged: 2 };
  const results = [...bulk.results].sort((a, b) => rank[a.result] - rank[b.result]);
  const figures = [
    { key: "changed", count: bulk.changed, text: trial ? t("willChange", { count: bulk.changed, shown: number(bulk.changed) }) : t("changed", { shown: number(bulk.changed) }) },
    { key: "refused", count: bulk.refused, text: t(trial ? "willRefuse" : "refused", { shown: number(bulk.refused) }) },
    { key: "unchanged", count: bulk.unchanged, text: t(trial ? "willStay" : "unchanged", { shown: number(bulk.unchanged) }) },
  ];
  return (
    <div>
      {bulk.state === "failed" && (
        <Alert color="red" variant="light" mb="sm" role="alert">
          {bulk.message || t("errorTitle", { ns: "ui" })}
        </Alert>
      )}
      <p className={classes.figures} role="status">
        {figures
          .filter((figure) => figure.count > 0 || figure.key === "changed")
          .map((figure) => (
            <span key={figure.key} data-kind={figure.key}>
              {figure.text}
            </span>
          ))}
      </p>
      {results.length > 0 && (
        <ScrollArea.Autosize mah={340} type="auto" offsetScrollbars="present" viewportProps={{ tabIndex: 0, "aria-label": t("results"), role: "region" }}>
          <ul className={classes.results}>
            {results.map((result) => (
              <li key={result.id} className={classes.result} data-result={result.result}>
                <Link to="/o/$object/$id" params={{ object: object.key, id: result.id }} target="_blank" className={classes.name}>
                  {result.name || t("outOfSight", { ns: "fields" })}
                </Link>
                <span className={classes.word}>{t(`${trial ? "mightResult" : "result"}.${result.result}`)}</span>
                {reasonsOf(result, (reason) => t(`reasons.${reason}`)).map((reason, index) => (
                  <p key={index} className={classes.reason}>
                    {reason}
                  </p>
                ))}
                <Met result={result} />
                <RulesMet violations={result.violations} />
              </li>
            ))}
          </ul>
        </ScrollArea.Autosize>
      )}
      <FreesOfMany object={object.key} refused={results.map(({ id, violations }) => ({ record: id, violations }))} />
      {results.length < (bulk.total ?? 0) && results.length > 0 && <p className={classes.fine}>{t("firstOnly", { shown: number(results.length) })}</p>}
    </div>
  );
}

/** Records that a refused one is alike to. */
function Met({ result }: { result: BulkResult }) {
  const { hits, refs } = hitsOf(result.violations ?? []);
  return hits.length > 0 ? <AlikeList hits={hits} refs={refs} first={2} /> : null;
}

const CODES = { not_found: "notFound", "access.act_not_allowed": "notAllowed", "record.version_conflict": "changedSince" } as const;

/** Why a record was refused: in the server's words, or where it has none as `word` puts the code. */
export function reasonsOf(result: BulkResult, word: (reason: (typeof CODES)[keyof typeof CODES]) => string): string[] {
  if (result.result !== "refused") return [];
  // The rules that leave no room are told one by one.
  const told = result.violations ?? [];
  if (told.length > 0 && told.every((it) => isNoRoom(it) && noRoomOf([it])?.rules.length)) return [];
  const said = told.filter((it) => !(isNoRoom(it) && noRoomOf([it])?.rules.length)).map((violation) => violation.message || violation.code);
  if (said.length > 0 || !result.code) return said;
  return [result.code in CODES ? word(CODES[result.code as keyof typeof CODES]) : result.code];
}
