import { IconMenu2, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useUnread } from "~/api/notifications";
import { useObject } from "~/api/queries";
import { useWaiting } from "~/api/todo";
import { useLabel } from "~/i18n";
import { countShown } from "~/notices/Bell";
import classes from "./BottomBar.module.css";
import { HOME, iconOf, TODO } from "./places";

/** On a phone: the places one goes to all day, within reach of the thumb. */
export function BottomBar({ onPalette, onMenu }: { onPalette: () => void; onMenu: () => void }) {
  const { t } = useTranslation("shell");
  const label = useLabel();
  const waiting = useWaiting();
  const unread = useUnread();
  const opportunity = useObject("opportunity");
  const Opportunity = iconOf("opportunity");
  const active = { activeProps: { "data-active": true, "aria-current": "page" as const }, activeOptions: { exact: true, includeSearch: false } };
  return (
    <nav className={classes.bar} aria-label={t("navigation")}>
      <Link to="/" className={classes.item} {...active}>
        <HOME.icon size={21} stroke={1.6} />
        {t("home")}
      </Link>
      <Link to="/todo" className={classes.item} {...active}>
        <span className={classes.icon}>
          <TODO.icon size={21} stroke={1.6} />
          {waiting > 0 && (
            <span className={classes.count} aria-hidden>
              {countShown(waiting)}
            </span>
          )}
        </span>
        {t("todo")}
        {waiting > 0 && <span className="visually-hidden">, {t("waiting", { count: waiting })}</span>}
      </Link>
      {opportunity && (
          <Link to="/o/$object" params={{ object: "opportunity" }} className={classes.item} {...active}>
            <Opportunity size={21} stroke={1.6} />
            {label(opportunity.plural)}
          </Link>
      )}
      <button type="button" className={classes.item} onClick={onPalette}>
        <IconSearch size={21} stroke={1.6} />
        {t("search", { ns: "ui" })}
      </button>
      <button type="button" className={classes.item} onClick={onMenu}>
        <span className={classes.icon}>
          <IconMenu2 size={21} stroke={1.6} />
          {unread > 0 && <span className={classes.news} aria-hidden />}
        </span>
        {t("menu")}
        {unread > 0 && <span className="visually-hidden">, {t("bellUnread", { ns: "notices", count: unread })}</span>}
      </button>
    </nav>
  );
}
