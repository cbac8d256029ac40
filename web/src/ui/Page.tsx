import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { unreadQuery } from "~/api/notifications";
import classes from "./Page.module.css";

/** Read when the screen is there: nobody waits for it. */
const GuideLink = lazy(() => import("~/guides/GuideLink"));

type Props = {
  title: ReactNode;
  /** The browser's title where `title` is more than text. */
  name?: string;
  /** Small line above the title: where one is. */
  above?: ReactNode;
  actions?: ReactNode;
  /** A row below the title: filters, tabs. */
  below?: ReactNode;
  children: ReactNode;
  /** Let the content fill the height and scroll by itself: tables and boards. */
  fill?: boolean;
  /** Keep the title and its actions in sight while the content scrolls: long forms. */
  pinned?: boolean;
  /** Keep the lines of text readable: settings and forms. */
  narrow?: boolean;
};

/** A screen: its title, its actions, its content. */
export function Page({ title, name, above, actions, below, children, fill, narrow, pinned }: Props) {
  const text = name ?? (typeof title === "string" ? title : undefined);
  // The shell asks; whoever works in another window sees at the tab that something has come.
  const unread = useQuery({ ...unreadQuery, enabled: false }).data ?? 0;
  useDocumentTitle(`${unread > 0 ? `(${unread}) ` : ""}${text ? `${text} · Stagecraft` : "Stagecraft"}`);
  return (
    <div className={classes.page} data-fill={fill || undefined} data-narrow={narrow || undefined} data-pinned={pinned || undefined}>
      <header className={classes.header}>
        <div className={classes.titles}>
          {above && <div className={classes.above}>{above}</div>}
          <div className={classes.line}>
            <h1 className={classes.title}>{title}</h1>
            <Suspense>
              <GuideLink />
            </Suspense>
          </div>
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {below && <div className={classes.below}>{below}</div>}
      <div className={classes.content}>{children}</div>
    </div>
  );
}
