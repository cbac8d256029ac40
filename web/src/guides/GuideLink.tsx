import { Tooltip } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLanguage } from "~/i18n";
import { guideOf } from "./guideOf";
import classes from "./guides.module.css";

/** Leads to what the guides tell of the screen, in a window of its own: nobody loses what was begun. */
export default function GuideLink() {
  const { t } = useTranslation("ui");
  const path = useLocation({ select: (location) => location.pathname });
  const language = useLanguage();
  return (
    <Tooltip label={t("guide")}>
      <a href={guideOf(path, language)} target="_blank" rel="noreferrer" aria-label={t("guide")} className={classes.link}>
        <IconHelpCircle size={16} stroke={1.6} />
      </a>
    </Tooltip>
  );
}
