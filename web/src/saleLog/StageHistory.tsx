import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import { keys } from "~/api/queries";
import type { Refs, Stay } from "~/api/types";
import { secondsSince } from "~/processes/duration";
import { StageDot } from "~/processes/StageDot";
import { useDuration, useNow } from "~/processes/useDuration";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./saleLog.module.css";
import { StayTasks } from "./StayTasks";
import { en } from "./texts";
import { useStageWords } from "./useStageWords";

/** Every stay of a deal in a stage, the latest first: how long, what was done in it, and past what it was entered. */
export function StageHistory({ id }: { id: string }) {
  const { t } = useTranslation("saleLog");
  const tell = useDuration();
  const now = useNow();
  const words = useStageWords();
  const stays = useQuery({
    queryKey: keys.stays(id),
    queryFn: ({ signal }) => get<{ items: Stay[]; refs?: Refs }>(`/records/opportunity/${id}/stays`, { signal }),
  });
  if (stays.isError) return <ErrorState compact error={stays.error} onRetry={() => void stays.refetch()} />;
  if (!stays.data) return <RowSkeletons rows={4} />;
  if (stays.data.items.length === 0) return <EmptyState title={t("historyEmpty")} />;

  const personOf = (person: string | null | undefined) => (person ? (stays.data.refs?.[person]?.name ?? t("someone")) : undefined);
  const latestFirst = [...stays.data.items].sort((a, b) => b.entered_at.localeCompare(a.entered_at));

  return (
    <ol className={classes.history} aria-label={t("history")}>
      {latestFirst.map((stay, at) => {
        const by = personOf(stay.entered_by);
        const how = stay.how && stay.how in en.how ? t(`how.${stay.how as keyof typeof en.how}`) : undefined;
        // A terminal stay has no duration: it is the moment in which the deal closed.
        const running = words.typeOf(stay.stage) === "in_progress";
        const seconds = running ? secondsSince(stay.entered_at, stay.left_at ? Date.parse(stay.left_at) : now) : undefined;
        const before = latestFirst[at + 1];
        const changed = stay.process && before && (before.process?.id !== stay.process.id || before.process_version !== stay.process_version);
        return (
          <li key={`${stay.entered_at}-${stay.stage}`} className={classes.stay}>
            <span className={classes.stayDot}>
              <StageDot type={words.typeOf(stay.stage)} />
            </span>
            <div className={classes.stayHead}>
              <Text fw={600}>{words.stage(stay.stage)}</Text>
              {seconds !== undefined && (
                <Text size="sm" className="figures">
                  {tell(seconds)}
                </Text>
              )}
              <Text size="sm" c="dimmed">
                <Instant value={stay.entered_at} />
                {running && <> – {stay.left_at ? <Instant value={stay.left_at} /> : t("now")}</>}
              </Text>
            </div>
            <Text size="sm" c="dimmed">
              {[how, by && t("by", { name: by })].filter(Boolean).join(" · ")}
            </Text>
            {changed && (
              <Text size="sm" c="dimmed">
                {t("process", { name: stay.process!.name, version: stay.process_version })}
              </Text>
            )}
            {stay.skipped && stay.skipped.length > 0 && (
              <Text size="sm" c="dimmed">
                {t("skipped", { stages: stay.skipped.map(words.stage).join(", ") })}
              </Text>
            )}
            {stay.bypassed && stay.bypassed.length > 0 && <p className={classes.passed}>{t("passedBy", { what: words.gates(stay.bypassed) })}</p>}
            {stay.reason && <p className={classes.reason}>{stay.reason}</p>}
            <StayTasks tasks={stay.tasks ?? []} />
          </li>
        );
      })}
    </ol>
  );
}
