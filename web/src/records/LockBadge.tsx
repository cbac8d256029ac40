import { Badge, Tooltip } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Rec } from "~/api/types";
import { useLanguage } from "~/i18n";
import { formatInstant } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";

/** That a record is locked, by whom and since when; where the lock is that of what it lives in, the way there. */
export function LockBadge({ record }: { record: Rec }) {
  const { t } = useTranslation("records");
  const language = useLanguage();
  const timeZone = useTimeZone();
  const { lock } = record;
  if (!lock) return null;
  const own = lock.record === record.id;
  const who = (lock.by && record.refs?.[lock.by]?.name) || t("someone");
  const told = lock.at ? t("lockedBy", { who, when: formatInstant(lock.at, language, timeZone) }) : t("locked");
  const badge = (
    <Badge color="orange" c="var(--ink)" leftSection={<IconLock size={12} stroke={2} />} style={own ? undefined : { cursor: "pointer" }}>
      {own ? t("locked") : t("lockedThrough", { name: record.refs?.[lock.record]?.name ?? "" })}
    </Badge>
  );
  return (
    <Tooltip label={told} multiline maw={280}>
      {own ? (
        <span tabIndex={0} aria-label={told}>
          {badge}
        </span>
      ) : (
        <Link to="/o/$object/$id" params={{ object: lock.object, id: lock.record }}>
          {badge}
        </Link>
      )}
    </Tooltip>
  );
}
