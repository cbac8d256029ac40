import { Skeleton } from "@mantine/core";
import classes from "./board.module.css";

/** The board's outline while it is read, so that nothing jumps when it comes. */
export function BoardSkeleton() {
  return (
    <div className={classes.board} aria-hidden="true">
      {[4, 3, 2, 3].map((cards, column) => (
        <div key={column} className={classes.place}>
          <div className={classes.column}>
            <div className={classes.head}>
              <Skeleton height={16} width="55%" mb={8} />
              <Skeleton height={12} width="75%" />
            </div>
            <div className={classes.cards}>
              {Array.from({ length: cards }, (_, card) => (
                <Skeleton key={card} height={86} mb={8} radius="md" />
              ))}
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}
