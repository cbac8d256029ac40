import { useTranslation } from "react-i18next";
import classes from "./holding.module.css";
import { roomIn } from "./usage";

/** How much room is left, in words whose colour says how it stands. */
export function RoomWord({ limit, held }: { limit: number | null; held: number }) {
  const { t } = useTranslation("holding");
  const room = roomIn({ limit, held });
  if (room === undefined) return <span className={classes.fine}>{t("noLimit")}</span>;
  if (room < 0) return <span className={classes.mark}>{t("overBy", { count: -room })}</span>;
  if (room === 0) return <span className={classes.mark}>{t("noRoom")}</span>;
  return <span className={classes.fine}>{t("roomLeft", { count: room })}</span>;
}
