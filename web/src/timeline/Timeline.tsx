import { Button, Chip } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconTimeline } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import { itemsOf, TIMELINE_KINDS, useTimeline, type TimelineKind } from "~/api/timeline";
import type { ObjectDef, Rec } from "~/api/types";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { addDays, today } from "~/ui/format";
import { Day, useTimeZone } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { byDay } from "./days";
import classes from "./Timeline.module.css";
import { withSlips } from "./slips";
import { TimelineEntry } from "./TimelineEntry";

const NO_KINDS: TimelineKind[] = [];

/** Everything that happened on a record, the latest first, as far as one may see it. */
export function Timeline({ object, record }: { object: ObjectDef; record: Rec }) {
  const { t } = useTranslation("timeline");
  const me = useMe();
  const timeZone = useTimeZone();
  const [kinds, setKinds] = useLocalStorage<TimelineKind[]>({ key: `stagecraft-timeline-${me.person.id}`, defaultValue: [], getInitialValueInEffect: false });
  // An account's day is mostly that of its deals.
  const ofAccount = object.key === "account";
  const [withDeals, setWithDeals] = useLocalStorage({ key: `stagecraft-timeline-deals-${me.person.id}`, defaultValue: true, getInitialValueInEffect: false });
  const related = ofAccount && withDeals;
  const toComment = useLocation({ select: ({ hash }) => hash.startsWith("comment-") });
  // What the address leads to is there, whatever one has narrowed the timeline to before.
  const shown = toComment && kinds.length > 0 && !kinds.includes("comment") ? NO_KINDS : kinds;
  const timeline = useTimeline(object.key, record.id, shown, related);
  const { items: all, refs } = itemsOf(timeline.data);
  // That a call has moved the day of the last one, the call says itself.
  const items = withSlips(all.filter((item) => !(item.kind === "change" && item.changes?.length && item.changes.every((change) => change.field === "last_followed_at"))));
  // Of stages speak deals, and accounts with their deals.
  const sold = ofAccount || object.fields.some((field) => field.type === "process");
  const offered = TIMELINE_KINDS.filter((kind) => sold || (kind !== "stage" && kind !== "slip"));
  const end = useMoreInSight(timeline.hasNextPage && !timeline.isFetching, () => void timeline.fetchNextPage());
  const present = today(timeZone);

  return (
    <section className={classes.timeline} aria-label={t("timeline")}>
      <Chip.Group multiple value={shown} onChange={(next) => setKinds(TIMELINE_KINDS.filter((kind) => next.includes(kind)))}>
        <div className={classes.chips} role="group" aria-label={t("show")}>
          {offered.map((kind) => (
            <Chip key={kind} value={kind} size="xs" radius="xl" variant="light">
              {t(`kinds.${kind}`)}
            </Chip>
          ))}
          {ofAccount && (
            <Chip size="xs" radius="xl" variant="light" color="gray" className={classes.related} checked={withDeals} onChange={setWithDeals}>
              {t("withDeals")}
            </Chip>
          )}
        </div>
      </Chip.Group>
      {timeline.isError && !timeline.data ? (
        <ErrorState compact error={timeline.error} onRetry={() => void timeline.refetch()} />
      ) : !timeline.data ? (
        <RowSkeletons rows={6} height={30} />
      ) : items.length === 0 ? (
        <EmptyState
          icon={<IconTimeline size={30} stroke={1.4} />}
          title={t(shown.length > 0 ? "noneTitle" : "emptyTitle")}
          action={
            shown.length > 0 && (
              <Button variant="default" onClick={() => setKinds([])}>
                {t("showAll")}
              </Button>
            )
          }
        >
          {shown.length === 0 && t("emptyText")}
        </EmptyState>
      ) : (
        <>
          {byDay(items, timeZone).map((group) => (
            <section key={group.day} className={classes.day}>
              <h3 className={classes.dayTitle}>{group.day === present ? t("days.today", { ns: "ui" }) : group.day === addDays(present, -1) ? t("yesterday") : <Day value={group.day} />}</h3>
              <ol className={classes.items}>
                {group.items.map((item) => (
                  <TimelineEntry key={`${item.kind}-${item.id}`} about={record} item={item} refs={refs} />
                ))}
              </ol>
            </section>
          ))}
          {timeline.hasNextPage && (
            <div ref={end} className={classes.end}>
              {timeline.isFetchNextPageError ? (
                <ErrorState compact error={timeline.error} onRetry={() => void timeline.fetchNextPage()} />
              ) : (
                <Button variant="subtle" size="compact-sm" loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
                  {t("earlier")}
                </Button>
              )}
            </div>
          )}
        </>
      )}
    </section>
  );
}

/** Reads on as soon as the end of what is there comes near the window; the button is for those without a wheel. */
function useMoreInSight(more: boolean, read: () => void) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => {
    const element = end.current;
    if (!more || !element) return;
    const observer = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && latest.current(), { rootMargin: "300px" });
    observer.observe(element);
    return () => observer.disconnect();
  }, [more]);
  return end;
}
