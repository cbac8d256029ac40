import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Over } from "~/api/duplicates";
import { Score } from "./Score";

/** The records over which something was saved although it is like them: "Acme 93 %, Acme Ltd 88 %". */
export function OverLine({ over }: { over: Over[] }) {
  const { t } = useTranslation("duplicates");
  return (
    <>
      {over.map(({ found, score, rule }, index) => (
        <Fragment key={index}>
          {index > 0 && t("listComma")}
          <span title={rule.name ?? undefined}>
            <FoundName found={found} /> <Score value={score} />
          </span>
        </Fragment>
      ))}
    </>
  );
}

/** A found record by its name, with the way to it where one may open it. */
export function FoundName({ found }: { found: Over["found"] }) {
  const { t } = useTranslation("duplicates");
  const name = found.name ?? t("hiddenRecord");
  if (!found.id) return <>{name}</>;
  return (
    <Link to="/o/$object/$id" params={{ object: found.object, id: found.id }}>
      {name}
    </Link>
  );
}
