import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import { keys, useObject } from "~/api/queries";
import type { Refs, Stay } from "~/api/types";
import { useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { StageDot } from "./StageDot";
import { secondsSince } from "./duration";
import classes from "./path.module.css";
import { useDuration, useNow } from "./useDuration";

/** Every stay of an opportunity in a stage, the latest first. */
export function StageHistory({ id }: { id: string }) {
  const { t, i18n } = useTranslation("processes");
  const label = useLabel();
  const tell = useDuration();
  const now = useNow();
  const options = useObject("opportunity")?.fields.find((field) => field.key === "stage")?.options ?? [];
  const stays = useQuery({
    queryKey: keys.stays(id),
    queryFn: ({ signal }) => get<{ items: Stay[]; refs?: Refs }>(`/records/opportunity/${id}/stays`, { signal }),
  });
  if (stays.isError) return <ErrorState compact error={stays.error} onRetry={() => void stays.refetch()} />;
  if (!stays.data) return <RowSkeletons rows={4} />;
  if (stays.data.items.length === 0) return <EmptyState title={t("historyEmpty")} />;

  const optionOf = (key: string) => options.find((option) => option.key === key);
  const nameOf = (key: string) => label(optionOf(key)?.label) || key;
  const personOf = (person: string | null | undefined) => (person ? (stays.data.refs?.[person]?.name ?? t("someone")) : undefined);
  const latestFirst = [...stays.data.items].sort((a, b) => b.entered_at.localeCompare(a.entered_at));

  return (
    <ol className={classes.history} aria-label={t("history")}>
      {latestFirst.map((stay) => {
        const type = optionOf(stay.stage)?.stage_type ?? "in_progress";
        const by = personOf(stay.entered_by);
        const how = stay.how && i18n.exists(`processes:how.${stay.how}`) ? t(`how.${stay.how}` as "how.advance") : undefined;
        // A terminal stay has no duration: it is the moment in which the deal closed.
        const running = type === "in_progress";
        const seconds = running ? secondsSince(stay.entered_at, stay.left_at ? Date.parse(stay.left_at) : now) : undefined;
        return (
          <li key={`${stay.entered_at}-${stay.stage}`} className={classes.stay}>
            <span className={classes.stayDot}>
              <StageDot type={type} />
            </span>
            <div className={classes.stayHead}>
              <Text fw={600}>{nameOf(stay.stage)}</Text>
              {seconds !== undefined && (
                <Text size="sm" className="figures">
                  {tell(seconds)}
                </Text>
              )}
              <Text size="sm" c="dimmed">
                <Instant value={stay.entered_at} />
                {running && <> – {stay.left_at ? <Instant value={stay.left_at} /> : t("stayNow")}</>}
              </Text>
            </div>
            <Text size="sm" c="dimmed">
              {[how, by && t("stayBy", { name: by })].filter(Boolean).join(" · ")}
            </Text>
            {stay.skipped && stay.skipped.length > 0 && (
              <Text size="sm" c="dimmed">
                {t("staySkipped", { stages: stay.skipped.map(nameOf).join(", ") })}
              </Text>
            )}
            {stay.reason && <p className={classes.stayReason}>{stay.reason}</p>}
          </li>
        );
      })}
    </ol>
  );
}
