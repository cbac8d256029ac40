import { PIPELINE_BY } from "~/api/pipeline";
import { PipelineChart } from "~/analysis/pipeline/PipelineChart";
import type { CardProps } from "../kinds";
import { analysisOf, oneOf } from "./params";

export function PipelineCard({ card }: CardProps) {
  return <PipelineChart params={{ ...analysisOf(card), by: oneOf(card.settings.by, PIPELINE_BY) }} title={card.title ?? undefined} bare />;
}
