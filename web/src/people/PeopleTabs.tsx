import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./people.module.css";

const PLACES = [
  { key: "people", to: "/admin/people" },
  { key: "departments", to: "/admin/people/departments" },
  { key: "groups", to: "/admin/people/groups" },
] as const;

/** The three screens on who belongs where. */
export function PeopleTabs() {
  const { t } = useTranslation("people");
  return (
    <nav className={classes.tabs} aria-label={t("title")}>
      {PLACES.map((place) => (
        <Link key={place.key} to={place.to} className={classes.tab} activeOptions={{ exact: true, includeSearch: false }} activeProps={{ "data-active": true, "aria-current": "page" }}>
          {t(`tab_${place.key}`)}
        </Link>
      ))}
    </nav>
  );
}
