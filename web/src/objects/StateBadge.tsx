import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DefinitionState } from "~/api/definitions";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";
import classes from "./objects.module.css";

const COLOURS: Record<Exclude<DefinitionState, "live">, string> = { preparing: "blue", filling: "blue", disabled: "gray", hidden: "red" };

/** How things stand with an object or a field; of one that is deleted, until when it can be had back. What is in use says so quietly. */
export function StateBadge({ state, until }: { state: DefinitionState; until?: string | null }) {
  const { t } = useTranslation("objects");
  const language = useLanguage();
  if (state === "live") return <span className={classes.live}>{t("states.live")}</span>;
  return (
    <span className={classes.state}>
      <Badge color={COLOURS[state]}>{t(`states.${state}`)}</Badge>
      {state === "hidden" && until && <span className={classes.fine}>{t("hiddenUntil", { day: formatDay(until.slice(0, 10), language) })}</span>}
    </span>
  );
}
