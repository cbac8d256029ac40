import { ActionIcon, Button, Paper, SegmentedControl, Tooltip } from "@mantine/core";
import { IconChecks, IconSettings } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMarkAll, useUnread } from "~/api/notifications";
import { Page } from "~/ui/Page";
import { NoticeList } from "./NoticeList";
import classes from "./notices.module.css";

/** All that one has been told. */
export function Notices() {
  const { t } = useTranslation("notices");
  const [only, setOnly] = useState<"all" | "unread">("all");
  const unread = useUnread();
  const markAll = useMarkAll();
  return (
    <Page
      title={t("title")}
      narrow
      actions={
        <>
          <SegmentedControl
            size="sm"
            aria-label={t("which")}
            value={only}
            onChange={(value) => setOnly(value === "unread" ? "unread" : "all")}
            data={[
              { value: "all", label: t("all") },
              { value: "unread", label: unread > 0 ? t("unreadCount", { count: unread }) : t("unread") },
            ]}
          />
          <Button variant="default" leftSection={<IconChecks size={16} stroke={1.7} />} disabled={unread === 0} onClick={markAll}>
            {t("markAll")}
          </Button>
          <Tooltip label={t("preferences")}>
            <ActionIcon component={Link} to="/me" hash="notices" variant="default" size={36} aria-label={t("preferences")}>
              <IconSettings size={17} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      <Paper className={classes.page}>
        <NoticeList unread={only === "unread"} paged />
      </Paper>
    </Page>
  );
}
