import { useTranslation } from "react-i18next";
import classes from "./duplicates.module.css";

/** How alike, in percent. */
export function Score({ value }: { value: number }) {
  const { t } = useTranslation("duplicates");
  return (
    <span className={classes.score} title={t("alikeBy", { score: value })}>
      {t("percent", { value })}
    </span>
  );
}
