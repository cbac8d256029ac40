import { useTranslation } from "react-i18next";
import type { Standing } from "~/api/pipeline";
import { NONE, useFigures } from "../figures";
import type { StandingFigure } from "./standing";

const DAY = 86_400;

/** A figure of some deals as text. Ages are told in days, as one speaks of them; the seconds stand in the title. */
export function useStandingText(currency: string) {
  const { t } = useTranslation("pipeline");
  const figures = useFigures();
  return (figure: StandingFigure, standing: Standing): string => {
    switch (figure) {
      case "count":
        return figures.count(standing.count);
      case "average_age_seconds": {
        const seconds = standing.average_age_seconds;
        return seconds === null || seconds === undefined ? NONE : t("days", { count: Math.round(seconds / DAY), shown: figures.count(Math.round(seconds / DAY)) });
      }
      default:
        return figures.amount(standing[figure], currency);
    }
  };
}
