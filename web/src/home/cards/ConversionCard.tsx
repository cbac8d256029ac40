import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { StageConversionChart } from "~/analysis/conversion/StageConversionChart";
import type { CardProps } from "../kinds";
import classes from "../Home.module.css";
import { analysisOf, settingText } from "./params";

export function ConversionCard({ card }: CardProps) {
  const { t } = useTranslation("home");
  const { process, filter } = analysisOf(card);
  const whole = (
    <Anchor component={Link} to="/analysis/stage-conversion" search={{ process, filter } as never} className={classes.whole}>
      {t("whole")}
    </Anchor>
  );
  return <StageConversionChart params={{ ...analysisOf(card), entered: settingText(card.settings.entered) }} title={card.title ?? undefined} bare actions={whole} />;
}
