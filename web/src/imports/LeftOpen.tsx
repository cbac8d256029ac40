import { useTranslation } from "react-i18next";
import type { ImportFinding } from "~/api/imports";
import classes from "./imports.module.css";
import { Note } from "./Note";

/** What a mapping leaves open or has against it, told before the rows are checked. */
export function LeftOpen({ violations = [], warnings }: { violations?: ImportFinding[]; warnings: ImportFinding[] }) {
  const { t } = useTranslation("imports");
  if (violations.length + warnings.length === 0) return null;
  return (
    <section aria-label={t("leftOpen")} className={classes.leftOpen}>
      {violations.map((one) => (
        <Note key={one.code + one.path} kind="bad">
          {one.message}
        </Note>
      ))}
      {warnings.map((one) => (
        <Note key={one.code + one.path} kind="warn">
          {one.message}
        </Note>
      ))}
    </section>
  );
}
