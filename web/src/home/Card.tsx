import { Paper } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./Home.module.css";

type Props = { title: string; /** What it is about, in a line. */ hint?: string; /** Where all of it is. */ more?: ReactNode; error?: unknown; onRetry: () => void; ready: boolean; empty?: string; children: ReactNode };

/** A list on the home page, with what it says while it waits, when it fails and when there is nothing. */
export function Card({ title, hint, more, error, onRetry, ready, empty, children }: Props) {
  return (
    <Paper component="section" className={classes.list} aria-label={title}>
      <header className={classes.head}>
        <h2>
          {title}
          {hint && <small title={hint}>{hint}</small>}
        </h2>
        {more}
      </header>
      {error ? (
        <ErrorState compact error={error} onRetry={onRetry} />
      ) : !ready ? (
        <div className={classes.pad}>
          <RowSkeletons rows={3} />
        </div>
      ) : empty ? (
        <p className={classes.empty}>{empty}</p>
      ) : (
        // What does not fit is scrolled to, by keys too.
        <div className={classes.inside} tabIndex={0} role="group" aria-label={title}>
          {children}
        </div>
      )}
    </Paper>
  );
}
