import type { CSSProperties } from "react";
import type { HomeCard } from "~/api/home";
import { CardBody } from "./CardBody";
import classes from "./Home.module.css";

/** The first cards are in sight at once. */
const EAGER = 3;

export const sizeOf = (card: HomeCard) => ({ "--width": card.width, "--height": card.height }) as CSSProperties;

/** The cards of a page, in their order, as wide and high as they are. */
export function Cards({ cards }: { cards: HomeCard[] }) {
  return (
    <div className={classes.room}>
      <div className={classes.grid}>
        {cards
          .filter((card) => card.there !== false)
          .map((card, at) => (
            <div key={card.id} className={classes.place} style={sizeOf(card)} data-card={card.id} data-kind={card.kind}>
              <CardBody card={card} eager={at < EAGER} />
            </div>
          ))}
      </div>
    </div>
  );
}
