import type { ReactNode } from "react";
import classes from "./Tone.module.css";

/** How something stands, in a word whose colour says whether it is well. */
export function Tone({ tone, children }: { tone: "good" | "warn" | "danger" | "busy" | "quiet"; children: ReactNode }) {
  return (
    <span className={classes.tone} data-tone={tone}>
      {children}
    </span>
  );
}
