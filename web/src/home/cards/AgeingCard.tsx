import { AgeingChart } from "~/analysis/ageing/AgeingChart";
import type { CardProps } from "../kinds";
import { analysisOf } from "./params";

export function AgeingCard({ card }: CardProps) {
  return <AgeingChart params={analysisOf(card)} title={card.title ?? undefined} bare />;
}
