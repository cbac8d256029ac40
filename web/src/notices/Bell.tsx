import { ActionIcon, Button, Popover } from "@mantine/core";
import { IconBell, IconSettings } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMarkAll, useUnread } from "~/api/notifications";
import { NoticeList } from "./NoticeList";
import classes from "./notices.module.css";

const MOST = 99;
export const countShown = (count: number) => (count > MOST ? `${MOST}+` : String(count));

/** How many notices are unread, and the newest behind it. */
export function Bell() {
  const { t } = useTranslation("notices");
  const [opened, setOpened] = useState(false);
  const unread = useUnread();
  const markAll = useMarkAll();
  const close = () => setOpened(false);
  return (
    <Popover position="right-start" width={400} shadow="md" trapFocus returnFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <ActionIcon size={30} className={classes.bell} aria-label={unread > 0 ? t("bellUnread", { count: unread }) : t("bell")} onClick={() => setOpened(!opened)}>
          <IconBell size={19} stroke={1.6} />
          {unread > 0 && (
            <span className={classes.badge} aria-hidden>
              {countShown(unread)}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t("title")}>
        <div className={classes.panelHead}>
          <h2>{t("title")}</h2>
          <Button variant="subtle" size="compact-sm" disabled={unread === 0} onClick={markAll}>
            {t("markAll")}
          </Button>
          <ActionIcon component={Link} to="/me" hash="notices" aria-label={t("preferences")} onClick={close}>
            <IconSettings size={17} stroke={1.6} />
          </ActionIcon>
        </div>
        <div className={classes.panel} tabIndex={-1}>
          {opened && <NoticeList unread={false} onOpen={close} />}
        </div>
        <div className={classes.panelFoot}>
          <Link to="/notifications" onClick={close}>
            {t("seeAll")}
          </Link>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
