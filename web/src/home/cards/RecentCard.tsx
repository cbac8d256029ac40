import { LatelyDone } from "../LatelyDone";
import type { CardProps } from "../kinds";

export const RecentCard = ({ card }: CardProps) => <LatelyDone title={card.title ?? undefined} whose={card.settings.whose === "mine" ? "mine" : "all"} />;
