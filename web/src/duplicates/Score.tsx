import { useTranslation } from "react-i18next";
import classes from "./duplicates.module.css";

/** How alike, in percent; nothing where that is not told. */
export function Score({ value }: { value: number | null | undefined }) {
  const { t } = useTranslation("duplicates");
  if (value === null || value === undefined) return null;
  return (
    <span className={classes.score} title={t("alikeBy", { score: value })}>
      {t("percent", { value })}
    </span>
  );
}
