import { Waiting } from "../Waiting";
import type { CardProps } from "../kinds";

export const TodoCard = ({ card }: CardProps) => <Waiting title={card.title ?? undefined} />;
