import {
  IconArrowRightBar, IconArrowsExchange, IconArrowsRightLeft, IconArchive, IconCheckbox, IconLock, IconMessageCircle, IconNote, IconPaperclip, IconPencil, IconPlus, IconRotate2, IconUserShare, IconUsers,
} from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { TimelineItem } from "~/api/timeline";
import type { ObjectDef, Rec, Refs } from "~/api/types";
import { Changes } from "~/records/Changes";
import type { Icon } from "~/shell/icons";
import { iconOf } from "~/shell/places";
import { Instant } from "~/ui/Instant";
import { ActivityEntry } from "./ActivityEntry";
import { CommentEntry } from "./CommentEntry";
import { MODE_ICONS } from "./modes";
import { TaskEntry } from "./TaskEntry";
import { en } from "./texts";
import classes from "./Timeline.module.css";

const ICONS: Record<string, Icon> = {
  created: IconPlus,
  change: IconPencil,
  stage: IconArrowRightBar,
  owner: IconUserShare,
  team: IconUsers,
  file: IconPaperclip,
  converted: IconArrowsExchange,
  merged: IconArrowsRightLeft,
  voided: IconArchive,
  restored: IconRotate2,
  locked: IconLock,
  unlocked: IconLock,
  task: IconCheckbox,
  comment: IconMessageCircle,
};
/** Kinds that are told in words of their own. */
const TOLD = en.told;

type Props = { about: Rec; item: TimelineItem; refs: Refs };

/** One thing that happened. */
export function TimelineEntry({ about, item, refs }: Props) {
  const object = useObject(item.object);
  const elsewhere = item.record_id !== about.id;
  const Elsewhere = iconOf(item.object);
  const type = item.kind === "activity" ? String(item.record?.fields["activity_type"] ?? "note") : undefined;
  const Mark = type ? (MODE_ICONS[type as "call"] ?? IconNote) : (ICONS[item.kind] ?? IconPencil);
  const quiet = !["activity", "task", "comment"].includes(item.kind);
  const asked = useLocation({ select: ({ hash }) => hash === `comment-${item.id}` });
  const line = useRef<HTMLLIElement>(null);
  // The address leads to what was said: a notice does.
  useEffect(() => {
    if (asked) line.current?.scrollIntoView({ block: "center" });
  }, [asked]);
  return (
    <li ref={line} id={item.kind === "comment" ? `comment-${item.id}` : undefined} className={classes.item}>
      <span className={classes.mark} data-quiet={quiet || undefined} aria-hidden>
        <Mark size={16} stroke={1.7} />
      </span>
      <div style={{ minWidth: 0 }}>
      {elsewhere && (
        <Link to="/o/$object/$id" params={{ object: item.object, id: item.record_id }} className={classes.elsewhere}>
          <Elsewhere size={14} stroke={1.6} />
          {refs[item.record_id]?.name}
        </Link>
      )}
      {item.kind === "activity" && item.record ? (
        <ActivityEntry about={about} activity={item.record} by={item.by} at={item.at} refs={refs} />
      ) : item.kind === "task" && item.record ? (
        <TaskEntry about={about} task={item.record} by={item.by} at={item.at} refs={refs} />
      ) : item.kind === "comment" && item.comment ? (
        <CommentEntry about={{ object: item.object, id: item.record_id }} comment={item.comment} refs={refs} asked={asked} />
      ) : (
        object && <Happened object={object} item={item} refs={refs} />
      )}
      </div>
    </li>
  );
}

/** Something that was done to the record itself. */
function Happened({ object, item, refs }: Omit<Props, "about"> & { object: ObjectDef }) {
  const { t } = useTranslation("timeline");
  const who = item.by ? refs[item.by]?.name : undefined;
  const told = item.kind in TOLD ? t(`told.${item.kind as keyof typeof TOLD}`) : t("told.change");
  return (
    <div className={classes.card} data-quiet>
      <div className={classes.head}>
        <span className={classes.who}>
          <strong>{who ?? t("someone")}</strong> {told}
          {item.via && item.via !== "screen" && <> · {t(`via.${item.via}`, { ns: "records", defaultValue: item.via })}</>}
        </span>
        <span className={classes.when}>
          <Instant value={item.at} clock />
        </span>
      </div>
      {item.reason && <p className={classes.reason}>{item.reason}</p>}
      <Changes object={object} changes={item.changes ?? []} team={item.team} refs={refs} />
    </div>
  );
}
