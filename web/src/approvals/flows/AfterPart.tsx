import { useTranslation } from "react-i18next";
import type { FlowDocument } from "~/api/approvalFlows";
import type { Refs } from "~/api/types";
import { EffectsInput } from "./EffectsInput";
import classes from "./flows.module.css";
import type { At } from "./places";
import type { useWords } from "./useWords";

type Props = { draft: FlowDocument; refs: Refs; at: At; words: ReturnType<typeof useWords>; onChange: (change: Partial<FlowDocument>) => void };

/** What follows from either outcome. */
export function AfterPart({ draft, refs, at, words, onChange }: Props) {
  const { t } = useTranslation("flows");
  return (
    <section className={classes.part} aria-label={t("after")}>
      <h2>{t("after")}</h2>
      <p className={classes.hint}>{t("afterHint")}</p>
      <div className={classes.pair}>
        {(["approved", "rejected"] as const).map((outcome) => (
          <EffectsInput key={outcome} object={draft.object} label={t(`outcome.${outcome}`)} effects={draft[outcome]} refs={refs} words={words} at={(...place) => at(outcome, ...place)} onChange={(effects) => onChange({ [outcome]: effects })} />
        ))}
      </div>
    </section>
  );
}
