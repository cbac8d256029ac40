import {
  IconArrowRightBar, IconArrowsExchange, IconArrowsRightLeft, IconArchive, IconCheckbox, IconChecks, IconCopy, IconDroplet, IconFileInvoice, IconGauge, IconLock, IconMessageCircle, IconNote, IconPaperclip, IconPencil, IconPlus, IconRotate2, IconRoute, IconShoppingCart, IconTrendingDown, IconUserShare, IconUsers,
} from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { ObjectDef, Rec, Refs } from "~/api/types";
import type { TimelineStageTask } from "~/api/timeline";
import { OverLine } from "~/duplicates/OverLine";
import { useMergeText } from "~/merging/useMergeText";
import { Changes } from "~/records/Changes";
import { Through } from "~/records/Through";
import { MoveText } from "~/saleLog/MoveText";
import { SlipValues, useSlipTitle } from "~/saleLog/SlipText";
import { en as saleLog } from "~/saleLog/texts";
import { useStageWords } from "~/saleLog/useStageWords";
import type { Icon } from "~/shell/icons";
import { iconOf } from "~/shell/places";
import { Instant } from "~/ui/Instant";
import { ActivityEntry } from "./ActivityEntry";
import { CommentEntry } from "./CommentEntry";
import { MODE_ICONS } from "./modes";
import { turnOf } from "./papers";
import { TaskEntry } from "./TaskEntry";
import type { Told } from "./slips";
import { en } from "./texts";
import classes from "./Timeline.module.css";

const ICONS: Record<string, Icon> = {
  created: IconPlus,
  change: IconPencil,
  stage: IconArrowRightBar,
  process: IconRoute,
  slip: IconTrendingDown,
  stage_task: IconCheckbox,
  approval: IconChecks,
  owner: IconUserShare,
  team: IconUsers,
  file: IconPaperclip,
  converted: IconArrowsExchange,
  merged: IconArrowsRightLeft,
  alike: IconCopy,
  voided: IconArchive,
  restored: IconRotate2,
  locked: IconLock,
  unlocked: IconLock,
  pool: IconDroplet,
  quote: IconFileInvoice,
  order: IconShoppingCart,
  holding: IconGauge,
  task: IconCheckbox,
  comment: IconMessageCircle,
};
/** Kinds that are told in words of their own. */
const TOLD = en.told;
const MOVED = saleLog.moved;
const APPROVALS = en.approval;
const EVENTS = saleLog.task;
/** Where a deal stands, which its move tells. */
const STAGES = ["stage", "stage_type", "sales_process"];

type Props = { about: Rec; item: Told; refs: Refs };

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
        <ActivityEntry about={about} activity={item.record} by={item.by} at={item.at} token={item.token} refs={refs} />
      ) : item.kind === "task" && item.record ? (
        <TaskEntry about={about} task={item.record} by={item.by} at={item.at} token={item.token} refs={refs} />
      ) : item.kind === "comment" && item.comment ? (
        <CommentEntry about={{ object: item.object, id: item.record_id }} comment={item.comment} refs={refs} asked={asked} />
      ) : item.kind === "approval" && item.approval ? (
        <ApprovalEntry item={item} approval={item.approval} refs={refs} />
      ) : item.kind === "stage_task" && item.stage_task ? (
        <StageTaskEntry item={item} task={item.stage_task} refs={refs} />
      ) : (
        object && <Happened object={object} item={item} refs={refs} />
      )}
      </div>
    </li>
  );
}

/** Something that was done to the record itself. */
function Happened({ object, item, refs }: Omit<Props, "about"> & { object: ObjectDef }) {
  const { t } = useTranslation(["timeline", "saleLog"]);
  const titleOf = useSlipTitle();
  const mergeText = useMergeText();
  const who = item.by ? refs[item.by]?.name : undefined;
  const how = item.move && item.kind !== "created" && item.move.how in MOVED ? t(`moved.${item.move.how as keyof typeof MOVED}`, { ns: "saleLog" }) : undefined;
  const paper = turnOf(item);
  const told = paper ? t(`paper.${paper.turn}`) : item.kind === "pool" ? t(`pool.${poolAct(item)}`) : how ?? (item.kind in TOLD ? t(`told.${item.kind as keyof typeof TOLD}`) : t("told.change"));
  // That it went back, the move says itself.
  const slips = (item.slips ?? []).filter((slip) => !(item.move && slip.kind === "stage"));
  // What the move says, and what follows from it, need not be said again.
  const changes = (item.changes ?? []).filter((change) => change.field !== paper?.field && !(item.move && (STAGES.includes(change.field) || object.fields.find((field) => field.key === change.field)?.read_only)));
  return (
    <div className={classes.card} data-quiet>
      <div className={classes.head}>
        <span className={classes.who}>
          <strong>{who ?? t("someone")}</strong> {item.merge ? mergeText(item.merge, refs) : item.slip ? titleOf(item.slip) : told}
          <Through via={item.via} token={item.token} />
        </span>
        <span className={classes.when}>
          <Instant value={item.at} clock />
        </span>
      </div>
      {item.move && <MoveText move={item.move} />}
      {item.slip && <SlipValues slip={item.slip} />}
      {slips.length > 0 && (
        <p className={classes.slips}>
          <IconTrendingDown size={14} stroke={1.8} aria-hidden /> {slips.map(titleOf).join(" · ")}
        </p>
      )}
      {item.holding && item.holding.rules.length > 0 && <p className={classes.reason}>{item.holding.rules.map((rule) => rule.name).join(" · ")}</p>}
      {item.reason && <p className={classes.reason}>{item.reason}</p>}
      {item.alike && (
        <p className={classes.over}>
          <OverLine over={item.alike} />
        </p>
      )}
      <Changes object={object} changes={changes} team={item.team} refs={refs} />
    </div>
  );
}

/** That an approval was asked for, or how it ended. */
function ApprovalEntry({ item, approval, refs }: Omit<Props, "about"> & { approval: NonNullable<Told["approval"]> }) {
  const { t } = useTranslation("timeline");
  const event = approval.event in APPROVALS ? (approval.event as keyof typeof APPROVALS) : "superseded";
  return (
    <div className={classes.card} data-quiet>
      <div className={classes.head}>
        <span className={classes.who}>
          <strong>{(item.by && refs[item.by]?.name) || t("someone")}</strong> {t(`approval.${event}`)} <Link to="/approvals/$id" params={{ id: approval.id }} className={classes.inText}>
            {approval.flow_name}
          </Link>
          <Through token={item.token} />
        </span>
        <span className={classes.when}>
          <Instant value={item.at} clock />
        </span>
      </div>
      {item.reason && <p className={classes.reason}>{item.reason}</p>}
    </div>
  );
}

/** Something that was done about a task of a stage. */
function StageTaskEntry({ item, task, refs }: Omit<Props, "about"> & { task: TimelineStageTask }) {
  const { t } = useTranslation("saleLog");
  const words = useStageWords();
  const someone = t("someone");
  const event = task.event in EVENTS ? (task.event as keyof typeof EVENTS) : "done";
  return (
    <div className={classes.card} data-quiet>
      <div className={classes.head}>
        <span className={classes.who}>
          <strong>{(item.by && refs[item.by]?.name) || someone}</strong> {t(`task.${event}`, { name: task.name, who: (task.assignee && refs[task.assignee]?.name) || someone })} · {words.stage(task.stage)}
          <Through token={item.token} />
        </span>
        <span className={classes.when}>
          <Instant value={item.at} clock />
        </span>
      </div>
      {task.note && <p className={classes.reason}>{task.note}</p>}
    </div>
  );
}

/** What was done with it and a pool, by who had it before and after. */
function poolAct({ changes }: Told): "claim" | "return" | "move" {
  const owner = changes?.find((change) => change.field === "owner");
  if (!owner) return "move";
  return owner.new ? "claim" : "return";
}
