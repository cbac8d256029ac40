import { IconAlertTriangle, IconCheck, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./imports.module.css";

const ICONS = { good: IconCheck, warn: IconAlertTriangle, bad: IconAlertTriangle, plain: IconInfoCircle };

/** How it stands, in a sentence. */
export function Note({ kind, children }: { kind: keyof typeof ICONS; children: ReactNode }) {
  const Icon = ICONS[kind];
  return (
    <div className={classes.note} data-kind={kind} role={kind === "bad" ? "alert" : undefined}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <div>{children}</div>
    </div>
  );
}

/** A word that wants attention, in a line. */
export function Mark({ children }: { children: ReactNode }) {
  return <span className={classes.mark}>{children}</span>;
}

/** What is wider or longer than its place, within reach of the keyboard. */
export function Scroll({ label, high, children }: { label: string; high?: number; children: ReactNode }) {
  return (
    <div className={classes.scroll} style={high ? { maxHeight: high } : undefined} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
