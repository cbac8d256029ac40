import { Button } from "@mantine/core";
import { IconArrowMerge, IconChevronDown } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRecordDuplicates, type Override } from "~/api/duplicates";
import type { ObjectDef, Rec, Refs } from "~/api/types";
import { MOST } from "~/merging/choosing";
import { MergeDialog } from "~/merging/MergeDialog";
import { Instant } from "~/ui/Instant";
import { AlikeList } from "./AlikeList";
import classes from "./duplicates.module.css";
import { alikeOf } from "./matches";
import { FoundName } from "./OverLine";
import { Score } from "./Score";
import { en } from "./texts";

const FIRST = 3;

/** On a record, above what it says: what is alike now, and over what somebody has saved it all the same. Nothing where there is neither. */
export function AlikeCard({ object, record }: { object: ObjectDef; record: Rec }) {
  const { t } = useTranslation("duplicates");
  const list = useId();
  const [unfolded, setUnfolded] = useState(false);
  const told = useRecordDuplicates(object.key, record.id).data;
  if (!told || (told.alike.length === 0 && told.items.length === 0)) return null;
  const alike = alikeOf(told.alike);
  return (
    <section className={classes.card} data-alike={alike.length > 0 || undefined} aria-labelledby={`${list}-title`}>
      <div className={classes.cardHead}>
        <h2 className={classes.cardTitle} id={`${list}-title`}>
          <button type="button" aria-expanded={unfolded} aria-controls={list} onClick={() => setUnfolded(!unfolded)}>
            <IconChevronDown size={16} stroke={1.8} data-folded={!unfolded || undefined} className={classes.chevron} aria-hidden />
            {t("cardTitle")} {alike.length > 0 && <span className={classes.cardCount}>{alike.length}</span>}
          </button>
        </h2>
        <MergeAlike object={object} record={record} alike={alike} />
      </div>
      <div id={list} hidden={!unfolded} className={classes.cardList}>
        {alike.length > 0 && <AlikeList hits={told.alike} refs={told.refs} first={FIRST} marked={false} />}
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
      </div>
    </section>
  );
}

/** Makes the record one with those that are alike. */
function MergeAlike({ object, record, alike }: { object: ObjectDef; record: Rec; alike: ReturnType<typeof alikeOf> }) {
  const { t } = useTranslation("merging");
  const navigate = useNavigate();
  const [merging, setMerging] = useState(false);
  const others = alike.filter((one) => one.object === object.key && one.id && !one.voided).flatMap((one) => (one.id ? [one.id] : []));
  if (!record.can?.includes("merge") || others.length === 0) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={<IconArrowMerge size={15} stroke={1.7} />} onClick={() => setMerging(true)}>
        {t("merge")}
      </Button>
      {merging && (
        <MergeDialog
          object={object}
          ids={[record.id, ...others.slice(0, MOST - 1)]}
          onClose={(done) => {
            setMerging(false);
            const stays = done?.record?.id;
            if (stays && stays !== record.id) void navigate({ to: "/o/$object/$id", params: { object: object.key, id: stays } });
          }}
        />
      )}
    </>
  );
}

function OverrideLine({ override: { rule, found, score, how, at, by }, refs }: { override: Override; refs: Refs }) {
  const { t } = useTranslation("duplicates");
  const person = by ? refs[by]?.name : undefined;
  const word = how in en.hows ? t(`hows.${how as keyof typeof en.hows}`) : how;
  return (
    <li className={classes.override}>
      <span>
        <FoundName found={found} /> <Score value={score} />
      </span>
      <span className={classes.reasons}>
        {[person, word, rule.name].filter(Boolean).join(" · ")} · <Instant value={at} relative />
      </span>
    </li>
  );
}
