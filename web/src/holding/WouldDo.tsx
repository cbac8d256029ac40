import { useTranslation } from "react-i18next";
import { useRulePreview, useUsage, type HoldingRule, type HoldingRuleDocument } from "~/api/holdings";
import { messageOf } from "~/api/problem";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./holding.module.css";
import { Reach } from "./Reach";

type Props = { rule: HoldingRuleDocument; saved?: HoldingRule; /** Something is not saved yet. */ changed: boolean; /** Enough is said to ask. */ ready: boolean };

/** Whom the rule reaches; while it is being changed, what the change would do. */
export function WouldDo({ rule, saved, changed, ready }: Props) {
  const { t } = useTranslation("holding");
  const { name, ...said } = rule;
  // A name is not waited for, and changes nothing.
  const preview = useRulePreview({ ...said, name: name.trim() || "-", ...(saved ? { id: saved.id } : {}) }, changed && ready);
  return (
    <section>
      <h2 className={classes.heading} style={{ marginTop: 14 }}>
        {t(changed ? "wouldDo" : "reaches")}
      </h2>
      {!rule.active && <p className={classes.fine}>{t("isOff")}</p>}
      {!changed && saved ? (
        <AsItStands rule={saved} />
      ) : !ready ? (
        <p className={classes.fine}>{t("completeFirst")}</p>
      ) : preview.isError ? (
        <p className={classes.fine}>{messageOf(preview.error)}</p>
      ) : preview.data ? (
        <Reach usage={preview.data} trial />
      ) : (
        <RowSkeletons rows={4} />
      )}
    </section>
  );
}

function AsItStands({ rule }: { rule: HoldingRule }) {
  const usage = useUsage(rule.id, rule.version);
  if (usage.isError) return <p className={classes.fine}>{messageOf(usage.error)}</p>;
  return usage.data ? <Reach usage={usage.data} /> : <RowSkeletons rows={4} />;
}
