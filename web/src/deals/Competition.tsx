import type { Rec } from "~/api/types";
import { Competitors } from "./Competitors";
import classes from "./competition.module.css";
import { Reviews } from "./Review";

/** Who else was after a deal, and why it ended as it did. */
export function Competition({ deal }: { deal: Rec }) {
  return (
    <div className={classes.room}>
      <Reviews deal={deal} />
      <Competitors deal={deal} />
    </div>
  );
}
