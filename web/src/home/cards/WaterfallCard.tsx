import { SPANS, spanOf } from "~/analysis/past/days";
import { WaterfallChart } from "~/analysis/past/WaterfallChart";
import { useFiscal } from "~/analysis/periods/usePeriods";
import type { CardProps } from "../kinds";
import { analysisOf, settingText } from "./params";

/** What became of the pipeline in the period that the settings name; this quarter where they name none. */
export function WaterfallCard({ card }: CardProps) {
  const { day, fiscalStart } = useFiscal();
  const span = spanOf(SPANS.find((one) => one === card.settings.span) ?? "thisQuarter", day, fiscalStart);
  const params = { ...analysisOf(card), from: settingText(card.settings.from) ?? span.from, to: settingText(card.settings.to) ?? span.to };
  return <WaterfallChart params={params} title={card.title ?? undefined} bare />;
}
