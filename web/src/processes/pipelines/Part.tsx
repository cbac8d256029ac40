import { useId, type ReactNode } from "react";
import classes from "./pipelines.module.css";

/** A part of a drawer, under a heading of its own. */
export function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.part} aria-labelledby={id}>
      <h3 id={id} className={classes.partTitle}>
        {title}
      </h3>
      {hint && <p className={classes.fine}>{hint}</p>}
      {children}
    </section>
  );
}
