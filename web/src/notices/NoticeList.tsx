import { Button } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMarkNotices, useNotices } from "~/api/notifications";
import type { Refs } from "~/api/types";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { NoticeLine } from "./NoticeLine";
import classes from "./notices.module.css";

/** Notices, the newest first; in the panel only the first page. */
export function NoticeList({ unread, paged, onOpen }: { unread: boolean; paged?: boolean; onOpen?: () => void }) {
  const { t } = useTranslation("notices");
  const notices = useNotices(unread);
  const mark = useMarkNotices();
  if (notices.isError && !notices.data) return <ErrorState compact error={notices.error} onRetry={() => void notices.refetch()} />;
  if (!notices.data) {
    return (
      <div className={classes.waiting}>
        <RowSkeletons rows={5} height={30} />
      </div>
    );
  }
  const pages = paged ? notices.data.pages : notices.data.pages.slice(0, 1);
  const refs = Object.assign({}, ...pages.map((page) => page.refs)) as Refs;
  const items = pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState icon={<IconBellOff size={28} stroke={1.4} />} title={t(unread ? "allRead" : "emptyTitle")}>
        {!unread && t("emptyText")}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={classes.list} aria-label={t("title")}>
        {items.map((notice) => (
          <NoticeLine
            key={notice.id}
            notice={notice}
            refs={refs}
            onOpen={() => {
              if (!notice.read_at) mark.mutate({ which: { ids: [notice.id] }, read: true });
              onOpen?.();
            }}
            onMark={(read) => mark.mutate({ which: { ids: [notice.id] }, read })}
          />
        ))}
      </ul>
      {paged && notices.hasNextPage && (
        <div className={classes.more}>
          <Button variant="subtle" loading={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
            {t("earlier")}
          </Button>
        </div>
      )}
    </>
  );
}
