import type { Option } from "~/api/types";
import { useLabel } from "~/i18n";
import classes from "./OptionBadge.module.css";

// An option's colour is a name of this palette; a stage without one goes by its type.
const BY_TYPE: Record<string, string> = { won: "green", lost: "red", invalid: "gray", in_progress: "blue" };

export function colourOf(option: Pick<Option, "colour" | "stage_type">): string | undefined {
  const name = option.colour ?? (option.stage_type ? BY_TYPE[option.stage_type] : undefined);
  if (!name) return undefined;
  return name.startsWith("#") ? name : `var(--mantine-color-${name}-${name === "gray" ? 5 : 6})`;
}

/** An option: its words, with a dot in its colour where it has one. */
export function OptionBadge({ option, plain }: { option: Option; plain?: boolean }) {
  const label = useLabel();
  const colour = colourOf(option);
  if (plain && !colour) return <>{label(option.label)}</>;
  return (
    <span className={classes.badge} data-plain={plain || undefined}>
      {colour && <span className={classes.dot} style={{ background: colour }} />}
      {label(option.label)}
    </span>
  );
}
