import { ActionIcon, Checkbox, Tooltip } from "@mantine/core";
import { IconFlag, IconPhonePlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ApprovalTrigger } from "~/api/approvals";
import { useObject } from "~/api/queries";
import type { TodoItem } from "~/api/todo";
import type { Refs } from "~/api/types";
import { useWhat } from "~/approvals/useWords";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import { today as dayOf } from "~/ui/format";
import { Day, Instant, useTimeZone } from "~/ui/Instant";
import { LOG } from "~/timeline/modes";
import { APPROVAL, mayComplete, mayLog, mayPostpone, placeOf } from "./acts";
import { kindIcon } from "./kindIcon";
import { kindWord } from "./kindWord";
import { Postpone } from "./Postpone";
import classes from "./todo.module.css";

/** What has a day alone is due when that day ends: the midnight after it. */
const lastDay = (due: string, timeZone: string) => dayOf(timeZone, new Date(Date.parse(due) - 1));

type Props = {
  item: TodoItem;
  refs: Refs;
  /** Due today: then the hour is enough. */
  today: boolean;
  active: boolean;
  busy: boolean;
  postponing: boolean;
  onPostponing: (opened: boolean) => void;
  onComplete: () => void;
  onPostpone: (due: string | null) => void;
};

/** What an approval is about. */
function Asked({ object, what }: { object: string; what: ApprovalTrigger }) {
  return <>: {useWhat(object, what)}</>;
}

/** One thing that waits: ticked off, put off or opened where it stands. */
export function TodoLine({ item, refs, today, active, busy, postponing, onPostponing, onComplete, onPostpone }: Props) {
  const { t } = useTranslation("todo");
  const label = useLabel();
  const object = useObject(item.object ?? "");
  const Kind = kindIcon(item.kind);
  const About = object ? iconOf(object) : undefined;
  const about = item.record ? refs[item.record]?.name : undefined;
  const absent = item.on_behalf_of ? refs[item.on_behalf_of]?.name : undefined;
  const due = item.due_at;
  const timeZone = useTimeZone();
  return (
    <li className={classes.item} data-active={active || undefined} data-busy={busy || undefined} aria-current={active || undefined}>
      {mayComplete(item) ? (
        <Checkbox aria-label={t("complete", { title: item.title })} checked={busy} disabled={busy} onChange={onComplete} />
      ) : (
        <span className={classes.kindMark}>
          <Kind size={17} stroke={1.6} aria-hidden />
        </span>
      )}
      <div className={classes.what}>
        {item.kind === APPROVAL ? (
          <Link to="/approvals/$id" params={{ id: item.id }} className={classes.title}>
            {item.title}
          </Link>
        ) : item.object && item.record ? (
          <Link to="/o/$object/$id" params={{ object: item.object, id: item.record }} hash={item.kind === "stage_task" ? placeOf(item) : undefined} className={classes.title}>
            {item.title}
          </Link>
        ) : (
          <span className={classes.title}>{item.title}</span>
        )}
        <span className={classes.about}>
          <span className={classes.kind}>
            {kindWord(t, item.kind, true)}
            {item.object && item.what && <Asked object={item.object} what={item.what as ApprovalTrigger} />}
          </span>
          {item.priority === "high" && (
            <span className={classes.high}>
              <IconFlag size={13} stroke={1.8} aria-hidden />
              {t("high")}
            </span>
          )}
          {about && about !== item.title && (
            <span className={classes.record} title={label(object?.label)}>
              {About && <About size={14} stroke={1.6} />}
              {about}
            </span>
          )}
          {absent && <span className={classes.absent}>{t("forOther", { name: absent })}</span>}
        </span>
      </div>
      {due && (
        <span className={classes.due} data-late={item.overdue || undefined}>
          {item.kind === "close_date" ? <Day value={lastDay(due, timeZone)} /> : <Instant value={due} clock={today} />}
        </span>
      )}
      <span className={classes.acts}>
        {mayLog(item) && item.object && item.record && (
          <Tooltip label={t("log")}>
            <ActionIcon component={Link} to="/o/$object/$id" params={{ object: item.object, id: item.record } as never} hash={LOG} size={30} aria-label={t("logOne", { title: item.title })}>
              <IconPhonePlus size={17} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
        {mayPostpone(item) && <Postpone title={item.title} due={due} opened={postponing} onOpened={onPostponing} onPick={onPostpone} dropped={item.kind === "follow_up" ? t("dropped") : t("noDate")} />}
      </span>
    </li>
  );
}
