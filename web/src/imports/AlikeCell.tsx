import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ImportMatch } from "~/api/imports";
import { useObjects } from "~/api/queries";
import { Score } from "~/duplicates/Score";
import { useReasonWords } from "~/duplicates/useReasonWords";
import { useLabel, useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import classes from "./imports.module.css";

/** What a row met: records of the database, rows of the same file, each with how alike and why. */
export function AlikeCell({ matches }: { matches: ImportMatch[] }) {
  return (
    <>
      {matches.map((match, index) => (
        <OneMatch key={index} match={match} />
      ))}
    </>
  );
}

function OneMatch({ match }: { match: ImportMatch }) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const language = useLanguage();
  const object = useObjects().find((it) => it.key === match.object);
  const say = useReasonWords(match.rule.object ?? match.object);
  return (
    <div className={classes.alikeMatch}>
      <span>
        {match.row != null ? (
          t("alikeRow", { line: formatDecimal(match.row, language) })
        ) : match.id ? (
          <Link to="/o/$object/$id" params={{ object: match.object, id: match.id }} target="_blank">
            {match.name || match.id}
          </Link>
        ) : (
          (match.name ?? t("alikeHidden", { object: label(object?.label).toLowerCase() }))
        )}{" "}
        <Score value={match.score} />
      </span>
      <span className={classes.fine}>{[say(match.object, match.reasons), match.rule.name].filter(Boolean).join(" · ")}</span>
    </div>
  );
}
