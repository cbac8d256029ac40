import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DefinitionState } from "~/api/definitions";
import { useLanguage } from "~/i18n";
import { formatDay } from "~/ui/format";

const COLOURS: Record<DefinitionState, string> = { preparing: "blue", filling: "blue", live: "brand", disabled: "gray", hidden: "red" };

/** How things stand with an object or a field; of one that is deleted, until when it can be had back. */
export function StateBadge({ state, until }: { state: DefinitionState; until?: string | null }) {
  const { t } = useTranslation("objects");
  const language = useLanguage();
  return <Badge color={COLOURS[state]}>{state === "hidden" && until ? t("hiddenUntil", { day: formatDay(until.slice(0, 10), language) }) : t(`states.${state}`)}</Badge>;
}
