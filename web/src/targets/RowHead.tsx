import { IconBuildingSkyscraper, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { TargetLine } from "./rows";
import classes from "./targets.module.css";

/** Whose line it is: a department, a person, or what follows from a department's people. */
export function RowHead({ line }: { line: TargetLine | undefined }) {
  const { t } = useTranslation("targets");
  if (!line) return null;
  const { kind, row, depth } = line;
  const follows = kind === "people" || kind === "difference";
  const Icon = kind === "department" ? IconBuildingSkyscraper : IconUser;
  return (
    <span className={classes.head} data-kind={kind} style={{ paddingInlineStart: depth * 14 + (follows ? 22 : 0) }}>
      {!follows && <Icon size={15} stroke={1.6} aria-hidden />}
      <span title={row.name}>
        {follows ? t(kind) : row.name}
        {follows && <span className="visually-hidden"> {row.name}</span>}
      </span>
      {!row.active && <span className={classes.fine}>{t("inactive")}</span>}
    </span>
  );
}
