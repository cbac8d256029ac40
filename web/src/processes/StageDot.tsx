import type { StageType } from "~/api/types";
import classes from "./stages.module.css";

/** A stage's type at a glance; the name beside it is the text. Shape differs along with colour. */
export function StageDot({ type }: { type: StageType }) {
  return <span className={classes.dot} data-type={type} aria-hidden="true" />;
}
