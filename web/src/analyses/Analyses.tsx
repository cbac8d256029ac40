import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import { ANALYSES } from "./analyses";
import classes from "./analyses.module.css";

/** What can be asked of the deals: each question leads to its analysis. */
export function Analyses() {
  const { t } = useTranslation("analyses");
  return (
    <Page title={t("title")} above={t("hint")}>
      <ul className={classes.cards} aria-label={t("title")}>
        {ANALYSES.map(({ key, to, icon: Icon }) => (
          <li key={key}>
            <Link to={to} className={classes.card}>
              <span className={classes.icon}>
                <Icon size={20} stroke={1.6} aria-hidden />
              </span>
              <span className={classes.name}>{t(`${key}.name`)}</span>
              <span className={classes.what}>{t(`${key}.what`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
