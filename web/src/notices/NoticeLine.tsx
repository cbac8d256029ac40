import { ActionIcon, Tooltip } from "@mantine/core";
import { IconAlarm, IconAlertTriangle, IconArrowBackUp, IconBell, IconBolt, IconCalendarDue, IconCheckbox, IconChecks, IconDroplet, IconFileImport, IconGauge, IconHourglass, IconListCheck, IconMail, IconMailOpened, IconMessageCircle, IconUserCheck, IconUserPlus, IconUserQuestion, IconWebhook } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Notice } from "~/api/notifications";
import type { Refs } from "~/api/types";
import type { Icon } from "~/shell/icons";
import { Avatar } from "~/ui/Avatar";
import { Instant } from "~/ui/Instant";
import classes from "./notices.module.css";
import { placeOf } from "./placeOf";

const ICONS: Record<string, Icon> = {
  mention: IconMessageCircle,
  assigned: IconUserCheck,
  task_assigned: IconCheckbox,
  task_due: IconCalendarDue,
  stage_due: IconHourglass,
  stage_overdue: IconAlarm,
  stage_task: IconListCheck,
  stage_task_due: IconCalendarDue,
  reminder: IconBell,
  follow_up_due: IconCalendarDue,
  lead_arrived: IconUserPlus,
  holding_room: IconGauge,
  pool_warning: IconHourglass,
  pool_reclaimed: IconDroplet,
  import_ended: IconFileImport,
  job_failed: IconAlertTriangle,
  webhook_failing: IconWebhook,
  join_asked: IconUserQuestion,
  join_answered: IconUserQuestion,
  join_expired: IconUserQuestion,
  approval_asked: IconChecks,
  approval_ended: IconChecks,
  approval_returned: IconArrowBackUp,
  approval_urged: IconChecks,
  approval_due: IconHourglass,
  approval_overdue: IconAlarm,
};

type Props = { notice: Notice; refs: Refs; onOpen: () => void; onMark: (read: boolean) => void };

/** One notice: who or what it comes from, what it says, and whether one has read it. */
export function NoticeLine({ notice, refs, onOpen, onMark }: Props) {
  const { t } = useTranslation("notices");
  const unread = !notice.read_at;
  const by = notice.by ? refs[notice.by]?.name : undefined;
  const absent = notice.on_behalf_of ? refs[notice.on_behalf_of]?.name : undefined;
  const Mark = ICONS[notice.kind] ?? IconBolt;
  const place = placeOf(notice);
  const inside = (
    <>
      <span className={classes.title}>
        {unread && <span className="visually-hidden">{t("unread")}: </span>}
        {notice.title}
      </span>
      {notice.text && <span className={classes.text}>{notice.text}</span>}
      <span className={classes.when}>
        <Instant value={notice.at} relative />
        {absent && <> · {t("forOther", { name: absent })}</>}
      </span>
    </>
  );
  return (
    <li className={classes.notice} data-unread={unread || undefined}>
      <span className={classes.from}>
        {by ? <Avatar name={by} size={30} /> : <span className={classes.plain} />}
        <span className={classes.kind} data-alone={!by || undefined}>
          <Mark size={by ? 12 : 17} stroke={1.8} aria-hidden />
        </span>
      </span>
      {place ? (
        <Link {...place} className={classes.go} onClick={onOpen}>
          {inside}
        </Link>
      ) : (
        <span className={classes.go}>{inside}</span>
      )}
      <Tooltip label={t(unread ? "markRead" : "markUnread")}>
        <ActionIcon className={classes.mark} size={26} aria-label={`${t(unread ? "markRead" : "markUnread")}: ${notice.title}`} onClick={() => onMark(unread)}>
          {unread ? <IconMailOpened size={16} stroke={1.6} /> : <IconMail size={16} stroke={1.6} />}
        </ActionIcon>
      </Tooltip>
    </li>
  );
}
