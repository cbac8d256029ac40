import { WinLossChart } from "~/analysis/winLoss/WinLossChart";
import { WIN_LOSS_BY } from "~/api/outcomes";
import type { CardProps } from "../kinds";
import { analysisOf, oneOf, settingText } from "./params";

export function WinLossCard({ card }: CardProps) {
  return <WinLossChart params={{ ...analysisOf(card), by: oneOf(card.settings.by, WIN_LOSS_BY), closed: settingText(card.settings.closed) }} title={card.title ?? undefined} bare />;
}
