import { IconEyeOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./pools.module.css";

/** Stands for a value that members of a pool see when they have claimed the record. */
export function Veiled() {
  const { t } = useTranslation("pools");
  return (
    <span className={classes.veiled}>
      <IconEyeOff size={14} stroke={1.6} aria-hidden /> {t("hidden")}
    </span>
  );
}
