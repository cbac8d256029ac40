import { useTranslation } from "react-i18next";
import type { Counts } from "~/api/imports";
import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import classes from "./imports.module.css";

const COUNTS = ["rows", "created", "updated", "pending_approval", "unchanged", "skipped", "failed"] as const;

/** How many rows there are and what became, or would become, of them. What there is none of is left out, but for what is always asked. */
export function ImportCounts({ of, dry }: { of: Counts; dry: boolean }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const shown = COUNTS.filter((count) => of[count] > 0 || count === "rows" || count === "created" || count === "failed");
  return (
    <dl className={classes.counts}>
      {shown.map((count) => (
        <div key={count} className={classes.countBox} data-bad={(count === "failed" && of.failed > 0) || undefined}>
          <dd>{formatDecimal(of[count], language)}</dd>
          <dt>{t(dry ? `wouldBe.${count}` : `counts.${count}`)}</dt>
        </div>
      ))}
    </dl>
  );
}
