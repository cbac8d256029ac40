import classes from "./grid.module.css";

/** What is wrong with a cell, below it. */
export function CellError({ id, children }: { id: string; children: string }) {
  return (
    <p id={id} className={classes.error} title={children}>
      {children}
    </p>
  );
}
