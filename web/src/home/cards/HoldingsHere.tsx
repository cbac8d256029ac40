import { HoldingsCard } from "~/holding/HoldingsCard";
import type { CardProps } from "../kinds";

export const HoldingsHere = ({ card }: CardProps) => <HoldingsCard title={card.title ?? undefined} />;
