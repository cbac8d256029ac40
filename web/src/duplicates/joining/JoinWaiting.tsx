import { Paper } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useJoinRequests } from "~/api/duplicates";
import type { Refs } from "~/api/types";
import classes from "../duplicates.module.css";
import { JoinLine } from "./JoinLine";

/** Those who wait for one's answer whether they may join; nothing where nobody does. */
export function JoinWaiting() {
  const { t } = useTranslation("duplicates");
  const pages = useJoinRequests("asked").data?.pages ?? [];
  const open = pages.flatMap((page) => page.items).filter((request) => request.state === "open");
  const refs: Refs = Object.assign({}, ...pages.map((page) => page.refs));
  if (open.length === 0) return null;
  return (
    <Paper component="section" className={classes.waiting} aria-labelledby="join-waiting">
      <div className={classes.waitingHead}>
        <h2 id="join-waiting" className={classes.cardTitle}>
          {t("requests")} <span className={classes.cardCount}>{open.length}</span>
        </h2>
        <Link to="/join-requests">{t("allRequests")}</Link>
      </div>
      <ul className={classes.waitingList}>
        {open.map((request) => (
          <JoinLine key={request.id} request={request} refs={refs} mine={false} />
        ))}
      </ul>
    </Paper>
  );
}
