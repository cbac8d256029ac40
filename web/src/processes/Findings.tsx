import type { Violation } from "~/api/types";
import classes from "./stages.module.css";

/** Findings of the server at the place they concern, with the code by which they can be looked up. */
export function Findings({ findings, kind = "error" }: { findings: Violation[]; kind?: "error" | "warning" }) {
  return findings.map((finding, index) => (
    <p key={`${finding.code}-${index}`} className={classes.finding} data-kind={kind} role={kind === "error" ? "alert" : undefined}>
      {finding.message || finding.code} <code>{finding.code}</code>
    </p>
  ));
}
