import { Paper } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useRecordDuplicates, type Override } from "~/api/duplicates";
import type { ObjectDef, Rec, Refs } from "~/api/types";
import { Instant } from "~/ui/Instant";
import { AlikeList } from "./AlikeList";
import classes from "./duplicates.module.css";
import { alikeOf } from "./matches";
import { Score } from "./Score";
import { en } from "./texts";

const FIRST = 3;

/** On a record: what is alike now, and over what somebody has saved it all the same. Nothing where there is neither. */
export function AlikeCard({ object, record }: { object: ObjectDef; record: Rec }) {
  const { t } = useTranslation("duplicates");
  const told = useRecordDuplicates(object.key, record.id).data;
  if (!told || (told.alike.length === 0 && told.items.length === 0)) return null;
  return (
    <Paper component="section" className={classes.card} aria-labelledby="alike-records">
      <h2 id="alike-records" className={classes.cardTitle}>
        {t("cardTitle")} {told.alike.length > 0 && <span className={classes.cardCount}>{alikeOf(told.alike).length}</span>}
      </h2>
      {told.alike.length > 0 && <AlikeList hits={told.alike} refs={told.refs} first={FIRST} marked={false} />}
      {told.items.length > 0 && (
        <>
          <h3 className={classes.cardPart}>{t("cardOverrides")}</h3>
          <ul className={classes.list}>
            {told.items.map((one, index) => (
              <OverrideLine key={index} override={one} refs={told.refs} />
            ))}
          </ul>
        </>
      )}
    </Paper>
  );
}

function OverrideLine({ override: { rule, found, score, how, at, by }, refs }: { override: Override; refs: Refs }) {
  const { t } = useTranslation("duplicates");
  const person = by ? refs[by]?.name : undefined;
  const word = how in en.hows ? t(`hows.${how as keyof typeof en.hows}`) : how;
  return (
    <li className={classes.override}>
      <span>
        {found.id ? (
          <Link to="/o/$object/$id" params={{ object: found.object, id: found.id }}>
            {found.name ?? t("hiddenRecord")}
          </Link>
        ) : (
          (found.name ?? t("hiddenRecord"))
        )}{" "}
        <Score value={score} />
      </span>
      <span className={classes.reasons}>
        {[person, word, rule.name].filter(Boolean).join(" · ")} · <Instant value={at} relative />
      </span>
    </li>
  );
}
