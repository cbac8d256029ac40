import type { ConversionStage, StageConversion } from "~/api/analysis";
import type { Figures } from "../figures";

/** The figures of a stage, by the names under which the server says what is behind them. */
export const STAGE_FIGURES = ["total", "amount", "average", "transitioned", "retained", "lost", "loss_rate", "conversion"] as const;
export type StageFigure = (typeof STAGE_FIGURES)[number];

/** Their words. */
export const WORDS = {
  total: "total",
  amount: "amount",
  average: "average",
  transitioned: "transitioned",
  retained: "retained",
  lost: "lost",
  loss_rate: "lossRate",
  conversion: "conversion",
} as const satisfies Record<StageFigure, string>;

/** A figure as text. */
export function textOf(figure: StageFigure, stage: ConversionStage, of: StageConversion, figures: Figures): string {
  switch (figure) {
    case "amount":
      return figures.amount(stage.amount, of.main_currency);
    case "average":
      return figures.duration(stage.average_seconds);
    case "loss_rate":
    case "conversion":
      return figures.percent(stage[figure]);
    default:
      return figures.count(stage[figure]);
  }
}
